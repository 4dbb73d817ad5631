using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Huge pages of one size, bytes.</summary>
public sealed record HugetlbStats
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Max { get; init; }

    public ulong Failcnt { get; init; }
}
