namespace Caisson.Oci;

/// <summary>Counters of one interface; runc writes these members with capitals.</summary>
public sealed partial record NetworkInterfaceStats
{
    public string Name { get; init; } = "";

    public ulong RxBytes { get; init; }

    public ulong RxPackets { get; init; }

    public ulong RxErrors { get; init; }

    public ulong RxDropped { get; init; }

    public ulong TxBytes { get; init; }

    public ulong TxPackets { get; init; }

    public ulong TxErrors { get; init; }

    public ulong TxDropped { get; init; }
}
