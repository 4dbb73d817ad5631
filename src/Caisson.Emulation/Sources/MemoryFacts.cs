namespace Caisson.Emulation.Sources;

/// <summary>
/// The memory of the nearest limited cgroup, in bytes; a limit of <see cref="long.MaxValue"/> is none, and then the host's
/// values are right.
/// </summary>
readonly record struct MemoryFacts
{
    public required long Limit { get; init; }

    public required long Usage { get; init; }

    /// <summary>Swap beside the memory.</summary>
    public required long SwapLimit { get; init; }

    public required long SwapUsage { get; init; }

    public required MemoryStat Stat { get; init; }

    public bool IsLimited => Limit != long.MaxValue;

    public bool IsSwapLimited => SwapLimit != long.MaxValue;

    public long this[MemoryField field] => Stat[field];

    public long Free => Math.Max(0, Limit - Usage);

    public long SwapFree => Math.Max(0, SwapLimit - SwapUsage);

    /// <summary>As the kernel reckons: what is free and what could be taken back at once.</summary>
    public long Available => Math.Min(
        Limit, Free + this[MemoryField.ActiveFile] + this[MemoryField.InactiveFile] + this[MemoryField.SlabReclaimable]);
}
