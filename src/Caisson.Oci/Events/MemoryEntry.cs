using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>One account of the memory controller, bytes.</summary>
public sealed record MemoryEntry
{
    /// <summary>The largest value is unlimited.</summary>
    public ulong Limit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Usage { get; init; }

    /// <summary>Highest use so far.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Max { get; init; }

    /// <summary>How often the limit was met.</summary>
    public ulong Failcnt { get; init; }
}
