namespace Caisson.Oci;

/// <summary>Priority of the traffic of one interface (config-linux.md#network).</summary>
public sealed partial record LinuxInterfacePriority
{
    public string Name { get; init; } = "";

    public uint Priority { get; init; }
}
