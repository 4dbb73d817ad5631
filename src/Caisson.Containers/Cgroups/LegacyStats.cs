using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>Statistics from version 1.</summary>
static class LegacyStats
{
    public static ContainerStats Read(Cgroup cgroup) => new()
    {
        Cpu = Cpu(cgroup),
        Cpuset = Cpuset(cgroup),
        Memory = Memory(cgroup),
        Pids = Pids(cgroup),
        Blkio = Blkio(cgroup),
        Hugetlb = CgroupStats.HugePages(cgroup, "usage_in_bytes", "max_usage_in_bytes", "failcnt"),
    };

    static CpuStats Cpu(Cgroup cgroup)
    {
        Dictionary<string, ulong> stat = ControlText.Table(cgroup.TryRead("cpu", "cpu.stat"));
        return new CpuStats
        {
            Usage = new CpuUsage
            {
                Total = ControlText.Number(cgroup.TryRead("cpuacct", "cpuacct.usage")),
                Kernel = ControlText.Number(cgroup.TryRead("cpuacct", "cpuacct.usage_sys")),
                User = ControlText.Number(cgroup.TryRead("cpuacct", "cpuacct.usage_user")),
                Percpu = ControlText.Row(cgroup.TryRead("cpuacct", "cpuacct.usage_percpu")),
                PercpuKernel = ControlText.Row(cgroup.TryRead("cpuacct", "cpuacct.usage_percpu_sys")),
                PercpuUser = ControlText.Row(cgroup.TryRead("cpuacct", "cpuacct.usage_percpu_user")),
            },
            Throttling = new CpuThrottling
            {
                Periods = stat.GetValueOrDefault("nr_periods"),
                ThrottledPeriods = stat.GetValueOrDefault("nr_throttled"),
                ThrottledTime = stat.GetValueOrDefault("throttled_time"),
            },
        };
    }

    static CpusetStats Cpuset(Cgroup cgroup)
    {
        ulong Flag(string name) => ControlText.Number(cgroup.TryRead("cpuset", $"cpuset.{name}"));
        string? relax = cgroup.TryRead("cpuset", "cpuset.sched_relax_domain_level");
        return new CpusetStats
        {
            Cpus = ControlText.Set(cgroup.TryRead("cpuset", "cpuset.cpus")),
            Mems = ControlText.Set(cgroup.TryRead("cpuset", "cpuset.mems")),
            CpuExclusive = Flag("cpu_exclusive"),
            MemHardwall = Flag("mem_hardwall"),
            MemExclusive = Flag("mem_exclusive"),
            MemoryMigrate = Flag("memory_migrate"),
            MemorySpreadPage = Flag("memory_spread_page"),
            MemorySpreadSlab = Flag("memory_spread_slab"),
            MemoryPressure = Flag("memory_pressure"),
            SchedLoadBalance = Flag("sched_load_balance"),
            SchedRelaxDomainLevel = long.TryParse(relax, out long level) ? level : 0,
        };
    }

    static MemoryStats Memory(Cgroup cgroup)
    {
        Dictionary<string, ulong> stat = ControlText.Table(cgroup.TryRead("memory", "memory.stat"));
        return new MemoryStats
        {
            Cache = stat.GetValueOrDefault("cache"),
            Usage = Entry(cgroup, "memory"),
            Swap = Entry(cgroup, "memory.memsw"),
            Kernel = Entry(cgroup, "memory.kmem"),
            KernelTcp = Entry(cgroup, "memory.kmem.tcp"),
            Raw = stat,
        };
    }

    static MemoryEntry Entry(Cgroup cgroup, string prefix)
    {
        ulong Value(string name) => ControlText.Number(cgroup.TryRead("memory", $"{prefix}.{name}"));
        return new MemoryEntry
        {
            Usage = Value("usage_in_bytes"),
            Limit = Value("limit_in_bytes"),
            Max = Value("max_usage_in_bytes"),
            Failcnt = Value("failcnt"),
        };
    }

    static PidsStats Pids(Cgroup cgroup)
    {
        ulong limit = ControlText.Number(cgroup.TryRead("pids", "pids.max"));
        return new PidsStats
        {
            Current = ControlText.Number(cgroup.TryRead("pids", "pids.current")),
            Limit = limit == ulong.MaxValue ? 0 : limit,
        };
    }

    // The accounts of the scheduler in use: BFQ's, of old kernels CFQ's, else those of throttling, which always exist.
    static BlkioStats Blkio(Cgroup cgroup)
    {
        foreach (string prefix in (string[])["blkio.bfq.", "blkio.", "blkio.throttle."])
        {
            BlkioEntry[]? Read(string name) => ControlText.Devices(cgroup.TryRead("blkio", prefix + name));
            if (Read("io_serviced_recursive") is { } serviced)
            {
                return new BlkioStats
                {
                    IoServicedRecursive = serviced,
                    IoServiceBytesRecursive = Read("io_service_bytes_recursive"),
                    IoQueuedRecursive = Read("io_queued_recursive"),
                    IoServiceTimeRecursive = Read("io_service_time_recursive"),
                    IoWaitTimeRecursive = Read("io_wait_time_recursive"),
                    IoMergedRecursive = Read("io_merged_recursive"),
                    IoTimeRecursive = Read("time_recursive"),
                    SectorsRecursive = Read("sectors_recursive"),
                };
            }
        }

        return new BlkioStats
        {
            IoServicedRecursive = ControlText.Devices(cgroup.TryRead("blkio", "blkio.throttle.io_serviced")),
            IoServiceBytesRecursive = ControlText.Devices(cgroup.TryRead("blkio", "blkio.throttle.io_service_bytes")),
        };
    }
}
