using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>features-linux.md#mount-extensions.</summary>
public sealed record MountExtensionFeatures
{
    [JsonPropertyName("idmap")]
    public SwitchFeature? IdMap { get; init; }
}
