namespace Caisson.Oci;

/// <summary>Arguments of sched_setattr(2) (config.md#linux-process); times in nanoseconds.</summary>
public sealed partial record Scheduler
{
    /// <summary>SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_ISO, SCHED_IDLE or SCHED_DEADLINE.</summary>
    public string Policy { get; init; } = "";

    public int Nice { get; init; }

    /// <summary>Static priority, for SCHED_FIFO and SCHED_RR only.</summary>
    public int Priority { get; init; }

    /// <summary>Names such as SCHED_FLAG_RESET_ON_FORK.</summary>
    public string[]? Flags { get; init; }

    public ulong Runtime { get; init; }

    public ulong Deadline { get; init; }

    public ulong Period { get; init; }
}
