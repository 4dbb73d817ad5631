namespace Caisson.Oci;

/// <summary>features-linux.md#mount-extensions.</summary>
public sealed partial record MountExtensionFeatures
{
    public SwitchFeature? IdMap { get; init; }
}
