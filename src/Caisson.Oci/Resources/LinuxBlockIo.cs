namespace Caisson.Oci;

/// <summary>Block device limits (config-linux.md#block-io).</summary>
public sealed partial record LinuxBlockIo
{
    /// <summary>10 to 1000.</summary>
    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }

    public LinuxWeightDevice[]? WeightDevice { get; init; }

    public LinuxThrottleDevice[]? ThrottleReadBpsDevice { get; init; }

    public LinuxThrottleDevice[]? ThrottleWriteBpsDevice { get; init; }

    public LinuxThrottleDevice[]? ThrottleReadIopsDevice { get; init; }

    public LinuxThrottleDevice[]? ThrottleWriteIopsDevice { get; init; }
}
