using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Number of tasks; a limit of 0 is none.</summary>
public sealed record PidsStats
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Current { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Limit { get; init; }
}
