namespace Caisson.Oci;

/// <summary>Limits of one RDMA device (config-linux.md#rdma).</summary>
public sealed partial record LinuxRdma
{
    public uint? HcaHandles { get; init; }

    public uint? HcaObjects { get; init; }
}
