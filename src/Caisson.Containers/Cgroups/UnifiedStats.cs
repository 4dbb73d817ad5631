using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>Statistics from version 2, in the version 1 terms of runc's format.</summary>
static class UnifiedStats
{
    public static ContainerStats Read(Cgroup cgroup) => new()
    {
        Cpu = Cpu(cgroup),
        Memory = Memory(cgroup),
        Pids = Pids(cgroup),
        Blkio = Io(cgroup),
        Hugetlb = CgroupStats.HugePages(cgroup, "current", "max", "events"),
    };

    static CpuStats Cpu(Cgroup cgroup)
    {
        Dictionary<string, ulong> stat = ControlText.Table(cgroup.TryRead("cpu", "cpu.stat"));
        ulong Nanoseconds(string key) => stat.GetValueOrDefault(key) * 1000;
        return new CpuStats
        {
            Usage = new CpuUsage
            {
                Total = Nanoseconds("usage_usec"),
                User = Nanoseconds("user_usec"),
                Kernel = Nanoseconds("system_usec"),
            },
            Throttling = new CpuThrottling
            {
                Periods = stat.GetValueOrDefault("nr_periods"),
                ThrottledPeriods = stat.GetValueOrDefault("nr_throttled"),
                ThrottledTime = Nanoseconds("throttled_usec"),
            },
            Psi = ControlText.Pressure(cgroup.TryRead("cpu", "cpu.pressure")),
        };
    }

    static MemoryStats Memory(Cgroup cgroup)
    {
        Dictionary<string, ulong> stat = ControlText.Table(cgroup.TryRead("memory", "memory.stat"));
        Dictionary<string, ulong> events = ControlText.Table(cgroup.TryRead("memory", "memory.events"));
        MemoryEntry usage = Entry(cgroup, "memory", events.GetValueOrDefault("max"));
        MemoryEntry swap = Entry(cgroup, "memory.swap", 0);
        return new MemoryStats
        {
            Cache = stat.GetValueOrDefault("file"),
            Usage = usage,
            // Version 1 counts memory and swap together. The highest sum is not known.
            Swap = new MemoryEntry
            {
                Usage = swap.Usage + usage.Usage,
                Limit = swap.Limit == ulong.MaxValue || usage.Limit == ulong.MaxValue
                    ? ulong.MaxValue
                    : swap.Limit + usage.Limit,
            },
            Raw = stat,
            Psi = ControlText.Pressure(cgroup.TryRead("memory", "memory.pressure")),
        };
    }

    static MemoryEntry Entry(Cgroup cgroup, string prefix, ulong failures) => new()
    {
        Usage = ControlText.Number(cgroup.TryRead("memory", $"{prefix}.current")),
        Limit = ControlText.Number(cgroup.TryRead("memory", $"{prefix}.max")),
        Max = ControlText.Number(cgroup.TryRead("memory", $"{prefix}.peak")),
        Failcnt = failures,
    };

    static PidsStats Pids(Cgroup cgroup)
    {
        ulong limit = ControlText.Number(cgroup.TryRead("pids", "pids.max"));
        return new PidsStats
        {
            Current = cgroup.TryRead("pids", "pids.current") is { } current
                ? ControlText.Number(current)
                : (ulong)cgroup.Pids(recursive: true).Count,
            Limit = limit == ulong.MaxValue ? 0 : limit,
        };
    }

    static BlkioStats Io(Cgroup cgroup)
    {
        List<BlkioEntry> bytes = [];
        List<BlkioEntry> operations = [];
        foreach (string line in (cgroup.TryRead("io", "io.stat") ?? "").Split('\n'))
        {
            // 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0
            string[] words = ControlText.Words(line);
            if (words.Length < 2 || words[0].Split(':') is not [string major, string minor])
            {
                continue;
            }

            foreach (string[] pair in words.Skip(1).Select(static word => word.Split('=')).Where(static pair => pair.Length == 2))
            {
                BlkioEntry entry = new()
                {
                    Major = ControlText.Number(major),
                    Minor = ControlText.Number(minor),
                    Value = ControlText.Number(pair[1]),
                };
                switch (pair[0])
                {
                    case "rbytes":
                        bytes.Add(entry with { Op = "Read" });
                        break;
                    case "wbytes":
                        bytes.Add(entry with { Op = "Write" });
                        break;
                    case "rios":
                        operations.Add(entry with { Op = "Read" });
                        break;
                    case "wios":
                        operations.Add(entry with { Op = "Write" });
                        break;
                }
            }
        }

        return new BlkioStats
        {
            IoServiceBytesRecursive = bytes.Count == 0 ? null : [.. bytes],
            IoServicedRecursive = operations.Count == 0 ? null : [.. operations],
            Psi = ControlText.Pressure(cgroup.TryRead("io", "io.pressure")),
        };
    }
}
