namespace Caisson.Oci;

/// <summary>Effects of the CPU quota.</summary>
public sealed partial record CpuThrottling
{
    public ulong Periods { get; init; }

    public ulong ThrottledPeriods { get; init; }

    /// <summary>Nanoseconds.</summary>
    public ulong ThrottledTime { get; init; }
}
