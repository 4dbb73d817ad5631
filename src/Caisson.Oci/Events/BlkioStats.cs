namespace Caisson.Oci;

/// <summary>Block devices; cgroup v2 fills the first two lists, in bytes and operations.</summary>
public sealed partial record BlkioStats
{
    public BlkioEntry[]? IoServiceBytesRecursive { get; init; }

    public BlkioEntry[]? IoServicedRecursive { get; init; }

    public BlkioEntry[]? IoQueuedRecursive { get; init; }

    public BlkioEntry[]? IoServiceTimeRecursive { get; init; }

    public BlkioEntry[]? IoWaitTimeRecursive { get; init; }

    public BlkioEntry[]? IoMergedRecursive { get; init; }

    public BlkioEntry[]? IoTimeRecursive { get; init; }

    public BlkioEntry[]? SectorsRecursive { get; init; }

    public PressureStats? Psi { get; init; }
}
