namespace Caisson.Oci;

/// <summary>What resctrl's info/L3 tells.</summary>
public sealed partial record L3Cache
{
    public string? CbmMask { get; init; }

    public ulong MinCbmBits { get; init; }

    public ulong NumClosids { get; init; }
}
