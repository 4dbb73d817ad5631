using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Block devices; cgroup v2 fills the first two lists, in bytes and operations.</summary>
public sealed record BlkioStats
{
    public BlkioEntry[]? IoServiceBytesRecursive { get; init; }

    public BlkioEntry[]? IoServicedRecursive { get; init; }

    [JsonPropertyName("ioQueueRecursive")]
    public BlkioEntry[]? IoQueuedRecursive { get; init; }

    public BlkioEntry[]? IoServiceTimeRecursive { get; init; }

    public BlkioEntry[]? IoWaitTimeRecursive { get; init; }

    public BlkioEntry[]? IoMergedRecursive { get; init; }

    public BlkioEntry[]? IoTimeRecursive { get; init; }

    public BlkioEntry[]? SectorsRecursive { get; init; }

    public PressureStats? Psi { get; init; }
}
