namespace Caisson.Oci;

/// <summary>Nanoseconds.</summary>
public sealed partial record CpuUsage
{
    public ulong Total { get; init; }

    /// <summary>cgroup v1 only, as are the other lists.</summary>
    public ulong[]? Percpu { get; init; }

    public ulong[]? PercpuKernel { get; init; }

    public ulong[]? PercpuUser { get; init; }

    public ulong Kernel { get; init; }

    public ulong User { get; init; }
}
