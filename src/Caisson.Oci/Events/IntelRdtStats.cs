using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Cache and memory bandwidth groups of resctrl; empty without Intel RDT.</summary>
public sealed record IntelRdtStats
{
    [JsonPropertyName("l3_cache_info")]
    public L3Cache? L3Cache { get; init; }

    [JsonPropertyName("l3_cache_schema_root")]
    public string? L3CacheSchemaRoot { get; init; }

    [JsonPropertyName("l3_cache_schema")]
    public string? L3CacheSchema { get; init; }

    [JsonPropertyName("mem_bw_info")]
    public MemoryBandwidth? MemoryBandwidth { get; init; }

    [JsonPropertyName("mem_bw_schema_root")]
    public string? MemBwSchemaRoot { get; init; }

    [JsonPropertyName("mem_bw_schema")]
    public string? MemBwSchema { get; init; }

    /// <summary>All lines of the group's schemata file.</summary>
    public string[]? Schemata { get; init; }

    [JsonPropertyName("mbm_stats")]
    public MbmNodeStats[]? MbmStats { get; init; }

    [JsonPropertyName("cmt_stats")]
    public CmtNodeStats[]? CmtStats { get; init; }
}
