namespace Caisson.Oci;

/// <summary>Priority of the traffic of one interface (config-linux.md#network).</summary>
public sealed record LinuxInterfacePriority
{
    public string Name { get; init => field = value ?? ""; } = "";

    public uint Priority { get; init; }
}
