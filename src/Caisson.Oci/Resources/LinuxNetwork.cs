namespace Caisson.Oci;

/// <summary>net_cls and net_prio, cgroup v1 only (config-linux.md#network).</summary>
public sealed partial record LinuxNetwork
{
    public uint? ClassId { get; init; }

    public LinuxInterfacePriority[]? Priorities { get; init; }
}
