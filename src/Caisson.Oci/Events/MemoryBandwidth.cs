namespace Caisson.Oci;

/// <summary>What resctrl's info/MB tells.</summary>
public sealed partial record MemoryBandwidth
{
    public ulong BandwidthGran { get; init; }

    public ulong DelayLinear { get; init; }

    public ulong MinBandwidth { get; init; }

    public ulong NumClosids { get; init; }
}
