namespace Caisson.Oci;

/// <summary>A host interface moved into the container (config-linux.md#network-devices).</summary>
public sealed partial record LinuxNetDevice
{
    /// <summary>Name inside the container; null keeps the host's.</summary>
    public string? Name { get; init => field = Absent.IfEmpty(value); }
}
