namespace Caisson.Oci;

/// <summary>features-linux.md#intel-rdt.</summary>
public sealed partial record IntelRdtFeatures
{
    public bool? Enabled { get; init; }

    public bool? Schemata { get; init; }

    public bool? Monitoring { get; init; }
}
