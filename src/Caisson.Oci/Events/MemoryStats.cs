namespace Caisson.Oci;

/// <summary>The memory controller, bytes.</summary>
public sealed partial record MemoryStats
{
    /// <summary>Page cache.</summary>
    public ulong Cache { get; init; }

    public MemoryEntry Usage { get; init; } = new();

    /// <summary>Memory and swap together, as in cgroup v1.</summary>
    public MemoryEntry Swap { get; init; } = new();

    public MemoryEntry Kernel { get; init; } = new();

    public MemoryEntry KernelTcp { get; init; } = new();

    /// <summary>The lines of memory.stat.</summary>
    public IReadOnlyDictionary<string, ulong>? Raw { get; init; }

    public PressureStats? Psi { get; init; }
}
