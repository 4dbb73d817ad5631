using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sources;

/// <summary>
/// Finds the CPUs that the reader is shown. The cpuset of its own cgroup already holds what those above allow; quotas do not,
/// so that the smallest of those from the container's down to the reader's counts.
/// </summary>
static class CpuReading
{
    const int MostLevels = 16;

    /// <summary>How many, and which.</summary>
    public static CpuShare Read(Viewpoint from) => Read(from, out _);

    /// <summary>Also how much time was used on them: by the cgroup with the limits, or else by the container.</summary>
    public static CpuShare ReadWithUsage(Viewpoint from)
    {
        CpuShare share = Read(from, out ReadOnlySpan<byte> limited);
        if (!TryReadUsage(from, limited) && (limited.IsEmpty || !TryReadUsage(from, default)))
        {
            share.Usage.Clear();
        }

        return share;
    }

    /// <param name="limited">The cgroup with the limits: the one with the quota, or the reader's, whose cpuset it is.</param>
    public static CpuShare Read(Viewpoint from, out ReadOnlySpan<byte> limited)
    {
        CpuShare share = from.Cpus;
        share.Online.Parse(from.Host.TryRead(HostFile.OnlineCpus, from.Control) ? from.Control.Bytes : "0"u8);
        ReadAllowed(from, share);
        share.Limit(QuotaOf(from, out limited));
        if (!share.IsSpread && !share.IsWhole && from.Cgroups.CpuUsage is { } usage)
        {
            limited = from.PlaceIn(usage);
        }

        return share;
    }

    /// <summary>The CPU time that the container used, in nanoseconds.</summary>
    public static long TotalOf(Viewpoint from)
    {
        Hierarchy? usage = from.Cgroups.CpuUsage;
        if (usage is null)
        {
            return 0;
        }

        if (!usage.IsVersion2)
        {
            return from.TryReadNumber(usage, default, CgroupFile.CpuUsage1, out long nanoseconds) ? nanoseconds : 0;
        }

        from.Cpus.Usage.ParseVersion2(from.TryRead(usage, default, CgroupFile.CpuStat, from.Control) ? from.Control.Bytes : default);
        return from.Cpus.Usage.User + from.Cpus.Usage.System;
    }

    static bool TryReadUsage(Viewpoint from, ReadOnlySpan<byte> level)
    {
        Hierarchy? usage = from.Cgroups.CpuUsage;
        if (usage is null || !from.TryRead(usage, level, usage.IsVersion2 ? CgroupFile.CpuStat : CgroupFile.CpuUsageAll1, from.Control))
        {
            return false;
        }

        if (usage.IsVersion2)
        {
            from.Cpus.Usage.ParseVersion2(from.Control.Bytes);
        }
        else
        {
            from.Cpus.Usage.ParseVersion1(from.Control.Bytes);
        }

        return true;
    }

    // The nearest cgroup that has a cpuset: not each has the controller in version 2, and in version 1 one may be empty.
    static void ReadAllowed(Viewpoint from, CpuShare share)
    {
        Hierarchy? sets = from.Cgroups.CpuSet;
        if (sets is not null)
        {
            ReadOnlySpan<byte> level = from.PlaceIn(sets);
            for (int i = 1; i <= MostLevels; i++)
            {
                if (TryReadSet(from, sets, level))
                {
                    share.Allowed.Parse(from.Control.Bytes);
                    if (share.Allowed.Overlaps(share.Online))
                    {
                        share.Allowed.IntersectWith(share.Online);
                        return;
                    }
                }

                if (level.IsEmpty)
                {
                    break;
                }

                // Deeper ones than that are not walked through one by one.
                level = i < MostLevels - 1 ? level[..Math.Max(0, level.LastIndexOf((byte)'/'))] : default;
            }
        }

        share.Online.CopyTo(share.Allowed);
    }

    static bool TryReadSet(Viewpoint from, Hierarchy sets, ReadOnlySpan<byte> level) => sets.IsVersion2
        ? from.TryRead(sets, level, CgroupFile.CpuSetEffective, from.Control)
        : from.TryRead(sets, level, CgroupFile.CpuSetEffective1, from.Control)
            || from.TryRead(sets, level, CgroupFile.CpuSet1, from.Control);

    static int QuotaOf(Viewpoint from, out ReadOnlySpan<byte> nearest)
    {
        int smallest = int.MaxValue;
        nearest = default;
        if (from.Cgroups.Cpu is not { } cpu)
        {
            return smallest;
        }

        foreach (ReadOnlySpan<byte> level in new Levels(from.PlaceIn(cpu)))
        {
            int cpus = cpu.IsVersion2 ? QuotaOf2(from, cpu, level) : QuotaOf1(from, cpu, level);
            if (cpus <= smallest && cpus != int.MaxValue)
            {
                smallest = cpus;
                nearest = level;
            }
        }

        return smallest;
    }

    // "150000 100000" or "max 100000".
    static int QuotaOf2(Viewpoint from, Hierarchy cpu, ReadOnlySpan<byte> level)
    {
        Words words = new(from.TryRead(cpu, level, CgroupFile.CpuMax, from.Control) ? from.Control.Bytes : default);
        return Rounded(Number.ParseOr(-1, words.Next()), words.NextNumber());
    }

    // -1 is no quota.
    static int QuotaOf1(Viewpoint from, Hierarchy cpu, ReadOnlySpan<byte> level) =>
        from.TryReadNumber(cpu, level, CgroupFile.CpuQuota1, out long quota)
            && from.TryReadNumber(cpu, level, CgroupFile.CpuPeriod1, out long period)
            ? Rounded(quota, period) : int.MaxValue;

    static int Rounded(long quota, long period) =>
        quota < 0 || period <= 0 ? int.MaxValue : (int)Math.Clamp((quota / period) + (quota % period == 0 ? 0 : 1), 1, CpuSet.Most);
}
