namespace Caisson.Oci;

/// <summary>Huge pages of one size, bytes.</summary>
public sealed partial record HugetlbStats
{
    public ulong Usage { get; init; }

    public ulong Max { get; init; }

    public ulong Failcnt { get; init; }
}
