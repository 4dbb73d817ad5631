namespace Caisson.Oci;

/// <summary>Memory limits in bytes, -1 for unlimited (config-linux.md#memory).</summary>
public sealed partial record LinuxMemory
{
    public long? Limit { get; init; }

    public long? Reservation { get; init; }

    /// <summary>Memory and swap together, as in cgroup v1.</summary>
    public long? Swap { get; init; }

    /// <summary>Deprecated; the kernel ignores it since 5.16.</summary>
    public long? Kernel { get; init; }

    public long? KernelTcp { get; init; }

    /// <summary>0 to 100; cgroup v1 only.</summary>
    public ulong? Swappiness { get; init; }

    public bool? DisableOomKiller { get; init; }

    public bool? UseHierarchy { get; init; }

    /// <summary>Refuse a limit below the present use instead of killing.</summary>
    public bool? CheckBeforeUpdate { get; init; }
}
