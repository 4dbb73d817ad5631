namespace Caisson.Emulation;

/// <summary>What the emulation knows of its container; ids, pids and paths are the host's.</summary>
public sealed record ContainerView
{
    public required string Id { get; init; }

    /// <summary>The container's root, to whom the files belong.</summary>
    public required uint RootUid { get; init; }

    public required uint RootGid { get; init; }

    /// <summary>When the container was created, on CLOCK_BOOTTIME, in nanoseconds.</summary>
    public required long StartedAt { get; init; }

    /// <summary>
    /// Absolute directories of the container's cgroup by hierarchy name as /proc/PID/cgroup spells it ("memory", "cpu,cpuacct",
    /// "name=systemd"; "" is version 2).
    /// </summary>
    public required IReadOnlyDictionary<string, string> Cgroups { get; init; }
}
