using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>One counter of one block device.</summary>
public sealed record BlkioEntry
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Major { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Minor { get; init; }

    /// <summary>Such as <c>Read</c> and <c>Write</c>.</summary>
    public string? Op { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Value { get; init; }
}
