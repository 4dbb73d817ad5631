namespace Caisson.Oci;

/// <summary>A feature that is there or not (features-linux.md).</summary>
public sealed partial record SwitchFeature(bool? Enabled);
