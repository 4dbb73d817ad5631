namespace Caisson.Oci;

/// <summary>The container's root file system (config.md#root).</summary>
public sealed record Root
{
    /// <summary>Absolute, or relative to the bundle.</summary>
    public string Path { get; init => field = value ?? ""; } = "";

    public bool Readonly { get; init; }
}
