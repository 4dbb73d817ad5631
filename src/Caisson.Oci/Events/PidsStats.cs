namespace Caisson.Oci;

/// <summary>Number of tasks; a limit of 0 is none.</summary>
public sealed partial record PidsStats
{
    public ulong Current { get; init; }

    public ulong Limit { get; init; }
}
