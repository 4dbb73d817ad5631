namespace Caisson.Oci;

/// <summary>The container's root file system (config.md#root).</summary>
public sealed partial record Root
{
    /// <summary>Absolute, or relative to the bundle.</summary>
    public string Path { get; init; } = "";

    public bool Readonly { get; init; }
}
