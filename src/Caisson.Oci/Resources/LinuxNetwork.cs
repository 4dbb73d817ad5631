using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>net_cls and net_prio, cgroup v1 only (config-linux.md#network).</summary>
public sealed record LinuxNetwork
{
    [JsonPropertyName("classID")]
    public uint? ClassId { get; init; }

    public LinuxInterfacePriority[]? Priorities { get; init; }
}
