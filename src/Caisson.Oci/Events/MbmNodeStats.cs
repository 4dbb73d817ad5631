namespace Caisson.Oci;

/// <summary>Memory bandwidth of one NUMA node.</summary>
public sealed partial record MbmNodeStats
{
    public ulong TotalBytes { get; init; }

    public ulong LocalBytes { get; init; }
}
