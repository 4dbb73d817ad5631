namespace Caisson.Oci;

/// <summary>Shift of one clock of a time namespace (config-linux.md#offset-for-time-namespace).</summary>
public sealed partial record TimeOffset(long Secs, uint Nanosecs);
