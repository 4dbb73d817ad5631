namespace Caisson.Emulation.Proc;

/// <summary>What sysinfo(2) tells: seconds, loads times 65536, bytes, and how many threads there are.</summary>
public readonly partial record struct SystemFacts
{
    public long Uptime { get; init; }

    public long Load1 { get; init; }

    public long Load5 { get; init; }

    public long Load15 { get; init; }

    public long TotalRam { get; init; }

    public long FreeRam { get; init; }

    public long SharedRam { get; init; }

    public long BufferRam { get; init; }

    public long TotalSwap { get; init; }

    public long FreeSwap { get; init; }

    public long Processes { get; init; }
}
