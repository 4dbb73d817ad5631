using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Memory bandwidth of one NUMA node.</summary>
public sealed record MbmNodeStats
{
    [JsonPropertyName("mbm_total_bytes")]
    public ulong TotalBytes { get; init; }

    [JsonPropertyName("mbm_local_bytes")]
    public ulong LocalBytes { get; init; }
}
