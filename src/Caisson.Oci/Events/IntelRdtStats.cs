namespace Caisson.Oci;

/// <summary>Cache and memory bandwidth groups of resctrl; empty without Intel RDT.</summary>
public sealed partial record IntelRdtStats
{
    public L3Cache? L3Cache { get; init; }

    public string? L3CacheSchemaRoot { get; init; }

    public string? L3CacheSchema { get; init; }

    public MemoryBandwidth? MemoryBandwidth { get; init; }

    public string? MemBwSchemaRoot { get; init; }

    public string? MemBwSchema { get; init; }

    /// <summary>All lines of the group's schemata file.</summary>
    public string[]? Schemata { get; init; }

    public MbmNodeStats[]? MbmStats { get; init; }

    public CmtNodeStats[]? CmtStats { get; init; }
}
