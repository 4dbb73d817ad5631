namespace Caisson.Oci;

/// <summary>One account of the memory controller, bytes.</summary>
public sealed partial record MemoryEntry
{
    /// <summary>The largest value is unlimited.</summary>
    public ulong Limit { get; init; }

    public ulong Usage { get; init; }

    /// <summary>Highest use so far.</summary>
    public ulong Max { get; init; }

    /// <summary>How often the limit was met.</summary>
    public ulong Failcnt { get; init; }
}
