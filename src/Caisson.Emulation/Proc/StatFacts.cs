using Caisson.Emulation.Sources;

namespace Caisson.Emulation.Proc;

/// <summary>What /proc/stat tells of a container.</summary>
readonly record struct StatFacts
{
    public required CpuShare Cpus { get; init; }

    /// <summary>Of the container, in nanoseconds.</summary>
    public required long Age { get; init; }

    /// <summary>When it was created, in seconds after the host's start.</summary>
    public required long Start { get; init; }

    /// <summary>Tasks; at least one, the reader.</summary>
    public required int Running { get; init; }

    public StatBaseline Baseline { get; init; }
}
