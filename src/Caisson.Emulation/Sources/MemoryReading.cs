using Caisson.Emulation.Cgroups;

namespace Caisson.Emulation.Sources;

/// <summary>
/// Finds the cgroup whose memory the reader is shown: of those from the container's own down to the reader's the one with the
/// smallest limit, and of equals the nearest to the reader. All numbers are then that cgroup's.
/// </summary>
static class MemoryReading
{
    /// <param name="hostTotal">The host's memory and swap in bytes: a limit that is no smaller limits nothing.</param>
    public static MemoryFacts Read(Viewpoint from, long hostTotal, long hostSwap)
    {
        MemoryFacts limits = FindLimits(from, hostTotal, hostSwap, out ReadOnlySpan<byte> nearest);
        return limits.IsLimited || limits.IsSwapLimited ? WithUsage(from, from.Cgroups.Memory!, nearest, limits) : limits;
    }

    /// <summary>The limits alone.</summary>
    /// <param name="nearest">The limited cgroup's path below the container.</param>
    public static MemoryFacts FindLimits(Viewpoint from, long hostTotal, long hostSwap, out ReadOnlySpan<byte> nearest)
    {
        nearest = default;
        Hierarchy? memory = from.Cgroups.Memory;
        if (memory is null)
        {
            return Unlimited;
        }

        MemoryFacts facts = Unlimited with { SwapLimit = hostSwap };
        foreach (ReadOnlySpan<byte> level in new Levels(from.PlaceIn(memory)))
        {
            (long limit, long swap) = memory.IsVersion2 ? Limits2(from, memory, level) : Limits1(from, memory, level);
            if (limit < hostTotal && limit <= facts.Limit)
            {
                facts = facts with { Limit = limit };
                nearest = level;
            }

            facts = facts with { SwapLimit = Math.Min(facts.SwapLimit, swap) };
        }

        return facts.SwapLimit == hostSwap ? facts with { SwapLimit = long.MaxValue } : facts;
    }

    static MemoryFacts Unlimited { get; } =
        new() { Limit = long.MaxValue, Usage = 0, SwapLimit = long.MaxValue, SwapUsage = 0, Stat = default };

    // memory.high throttles rather than limits, but where it stands alone it is all that a reader can have.
    static (long Memory, long Swap) Limits2(Viewpoint from, Hierarchy memory, ReadOnlySpan<byte> level)
    {
        long limit = from.ReadLimit(memory, level, CgroupFile.MemoryMax);
        return (
            limit != long.MaxValue ? limit : from.ReadLimit(memory, level, CgroupFile.MemoryHigh),
            from.ReadLimit(memory, level, CgroupFile.MemorySwapMax));
    }

    // Version 1 limits memory and the sum of memory and swap; no limit is a number of pages that no machine has.
    static (long Memory, long Swap) Limits1(Viewpoint from, Hierarchy memory, ReadOnlySpan<byte> level)
    {
        long limit = from.ReadLimit(memory, level, CgroupFile.MemoryLimit1);
        long both = from.ReadLimit(memory, level, CgroupFile.MemorySwapLimit1);
        return (limit, both == long.MaxValue || limit == long.MaxValue ? long.MaxValue : Math.Max(0, both - limit));
    }

    static MemoryFacts WithUsage(Viewpoint from, Hierarchy memory, ReadOnlySpan<byte> level, in MemoryFacts facts)
    {
        bool isVersion2 = memory.IsVersion2;
        from.TryReadNumber(memory, level, isVersion2 ? CgroupFile.MemoryCurrent : CgroupFile.MemoryUsage1, out long usage);
        from.TryReadNumber(memory, level, isVersion2 ? CgroupFile.MemorySwapCurrent : CgroupFile.MemorySwapUsage1, out long swap);
        return facts with
        {
            Usage = usage,
            SwapUsage = isVersion2 ? swap : Math.Max(0, swap - usage),
            Stat = from.TryRead(memory, level, CgroupFile.MemoryStat, from.Control)
                ? MemoryStat.Parse(from.Control.Bytes, isVersion2) : default,
        };
    }
}
