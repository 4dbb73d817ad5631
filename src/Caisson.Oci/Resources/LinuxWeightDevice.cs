namespace Caisson.Oci;

/// <summary>Weight of one block device (config-linux.md#block-io).</summary>
public sealed partial record LinuxWeightDevice
{
    public long Major { get; init; }

    public long Minor { get; init; }

    public ushort? Weight { get; init; }

    public ushort? LeafWeight { get; init; }
}
