using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>What resctrl's info/MB tells.</summary>
public sealed record MemoryBandwidth
{
    [JsonPropertyName("bandwidth_gran")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong BandwidthGran { get; init; }

    [JsonPropertyName("delay_linear")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong DelayLinear { get; init; }

    [JsonPropertyName("min_bandwidth")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong MinBandwidth { get; init; }

    [JsonPropertyName("num_closids")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong NumClosids { get; init; }
}
