using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>A range of ids (config-linux.md#user-namespace-mappings).</summary>
public sealed record LinuxIdMapping(
    [property: JsonPropertyName("containerID")] uint ContainerId,
    [property: JsonPropertyName("hostID")] uint HostId,
    uint Size);
