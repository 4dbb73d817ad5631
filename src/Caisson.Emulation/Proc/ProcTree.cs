using Caisson.Emulation.Identity;
using Caisson.Emulation.Text;

namespace Caisson.Emulation.Proc;

/// <summary>
/// What is emulated below /proc, apart from the sysctls, which have a table of their own. To add a file, add a row and what
/// makes its content.
/// </summary>
static class ProcTree
{
    const uint ReadOnly = 0x124; // 0444
    const uint OwnerWrites = 0x1A4; // 0644

    const string PressureNote =
        "Of the cgroup with the limit, or the container, as the kernel tells it; the machine's where only "
        + "version 1 is in use. Triggers cannot be set.";

    public static IReadOnlyList<Leaf> Leaves { get; } =
    [
        new("/proc/cmdline", ReadOnly, LeafKind.Identity, "Empty: the host's is not the container's to know.", _ => new FixedText([(byte)'\n'])),
        View("/proc/cpuinfo", CpuInfo.Read,
            "The host's paragraphs of the CPUs that the cpuset allows, as many as the quota is worth, rounded "
            + "up; numbered from 0. `siblings` and `cpu cores` are at most that many."),
        View("/proc/diskstats", DiskStats.Read,
            "The block devices that the container used, with operations and sectors; what no cgroup counts, "
            + "such as times, is 0. Of the container as a whole."),
        View("/proc/loadavg", LoadAverage.Read,
            "Approximation: CPU time used since the last reading instead of samples of running tasks, decayed "
            + "like the kernel's; tasks that only wait do not count. Of the container as a whole. The last pid is"
            + " the reader's own."),
        View("/proc/meminfo", Meminfo.Read,
            "The nearest limited cgroup's numbers in the host's text. With version 1, and for what no cgroup "
            + "counts, some lines are 0; `CommitLimit` and `Committed_AS` are estimates; `Vmalloc*`, "
            + "`HugePages*`, `DirectMap*` are the machine's."),
        new("/proc/partitions", ReadOnly, LeafKind.Identity, "None: the host's disks are not the container's to see.",
            _ => new FixedText("major minor  #blocks  name\n\n"u8.ToArray())),
        View("/proc/pressure/cpu", Pressure.ReadCpu, PressureNote),
        View("/proc/pressure/io", Pressure.ReadIo,
            "Of the container as a whole, as the kernel tells it; the machine's where only version 1 is in use."
            + " Triggers cannot be set."),
        View("/proc/pressure/irq", Pressure.ReadIrq, "As `io`."),
        View("/proc/pressure/memory", Pressure.ReadMemory, PressureNote),
        View("/proc/stat", ProcStat.Read,
            "CPU time of the cgroup with the limit, or the container's; on each CPU with version 1, else and "
            + "with a quota evenly spread. What was not used is idle: there is no iowait nor steal. `btime` fits "
            + "/proc/uptime. `intr` (the sum alone), `ctxt` and `processes` are the machine's since the "
            + "container's files were first looked at, `softirq` the machine's."),
        View("/proc/swaps", Swaps.Read, "One line without a device, of the size in /proc/meminfo; none without swap."),
        View("/proc/uptime", Uptime.Read, "Since the container was created; idle is what it did not use of its CPUs."),
        View("/proc/vmstat", VmStat.Read,
            "As /proc/meminfo, for pages, faults, disks and swapping as far as cgroups count them; the other "
            + "counters are the machine's."),

        new("/proc/sys/kernel/domainname", OwnerWrites, LeafKind.Identity, "Of the reader's or writer's UTS namespace.",
            context => new UtsName(context.From.Host, context.OwnUts, isDomain: true)),
        new("/proc/sys/kernel/hostname", OwnerWrites, LeafKind.Identity, "Of the reader's or writer's UTS namespace.",
            context => new UtsName(context.From.Host, context.OwnUts, isDomain: false)),
        new("/proc/sys/kernel/random/boot_id", ReadOnly, LeafKind.Identity, "Made from the container's id and the time of its creation.",
            context => new FixedText(Uuid.TextOf($"boot {context.View.Id} {context.View.StartedAt}"))),
    ];

    static Leaf View(string path, ViewContent make, string note) =>
        new(path, ReadOnly, LeafKind.View, note, context => new ViewFile(context.From, make));
}
