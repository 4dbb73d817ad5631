namespace Caisson.Oci;

/// <summary>Limit of one block device in bytes or operations a second (config-linux.md#block-io).</summary>
public sealed partial record LinuxThrottleDevice(long Major, long Minor, ulong Rate);
