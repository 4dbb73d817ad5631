namespace Caisson.Oci;

/// <summary>CPU limits, times in microseconds (config-linux.md#cpu).</summary>
public sealed partial record LinuxCpu
{
    /// <summary>cgroup v1 weight, 2 to 262144.</summary>
    public ulong? Shares { get; init; }

    /// <summary>Run time per <see cref="Period"/>; -1 for unlimited.</summary>
    public long? Quota { get; init; }

    public ulong? Burst { get; init; }

    public ulong? Period { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }

    /// <summary>A list such as <c>0-3,7</c>.</summary>
    public string? Cpus { get; init => field = Absent.IfEmpty(value); }

    public string? Mems { get; init => field = Absent.IfEmpty(value); }

    /// <summary>1 makes the cgroup SCHED_IDLE.</summary>
    public long? Idle { get; init; }
}
