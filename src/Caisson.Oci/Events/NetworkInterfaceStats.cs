using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Counters of one interface; runc writes these members with capitals.</summary>
public sealed record NetworkInterfaceStats
{
    [JsonPropertyName("Name")]
    public string Name { get; init; } = "";

    [JsonPropertyName("RxBytes")]
    public ulong RxBytes { get; init; }

    [JsonPropertyName("RxPackets")]
    public ulong RxPackets { get; init; }

    [JsonPropertyName("RxErrors")]
    public ulong RxErrors { get; init; }

    [JsonPropertyName("RxDropped")]
    public ulong RxDropped { get; init; }

    [JsonPropertyName("TxBytes")]
    public ulong TxBytes { get; init; }

    [JsonPropertyName("TxPackets")]
    public ulong TxPackets { get; init; }

    [JsonPropertyName("TxErrors")]
    public ulong TxErrors { get; init; }

    [JsonPropertyName("TxDropped")]
    public ulong TxDropped { get; init; }
}
