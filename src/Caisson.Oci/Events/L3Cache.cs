using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>What resctrl's info/L3 tells.</summary>
public sealed record L3Cache
{
    [JsonPropertyName("cbm_mask")]
    public string? CbmMask { get; init; }

    [JsonPropertyName("min_cbm_bits")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong MinCbmBits { get; init; }

    [JsonPropertyName("num_closids")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong NumClosids { get; init; }
}
