namespace Caisson.Oci;

/// <summary>features-linux.md#memory-policy.</summary>
public sealed partial record MemoryPolicyFeatures
{
    public string[]? Modes { get; init; }

    public string[]? Flags { get; init; }
}
