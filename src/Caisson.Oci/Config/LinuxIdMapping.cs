namespace Caisson.Oci;

/// <summary>A range of ids (config-linux.md#user-namespace-mappings).</summary>
public sealed partial record LinuxIdMapping(uint ContainerId, uint HostId, uint Size);
