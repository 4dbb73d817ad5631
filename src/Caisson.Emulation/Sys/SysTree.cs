using Caisson.Emulation.Identity;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Sysctl;
using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sys;

/// <summary>What is emulated below /sys. To add a file, add a row and what makes its content.</summary>
static class SysTree
{
    const uint ReadOnly = 0x124; // 0444
    const uint OwnerReads = 0x100; // 0400
    const uint OwnerWrites = 0x1A4; // 0644
    const uint OwnerOnly = 0x180; // 0600
    // Machines have so many; what is not there is not covered.
    const int MostNodes = 8;
    const string Cpus = "/sys/devices/system/cpu/";
    const string NodeNote = "All CPUs in node 0, unless all of the host's are shown.";
    const string HugePages = "/sys/kernel/mm/transparent_hugepage/";

    public static IReadOnlyList<Leaf> Leaves { get; } =
    [
        View(Cpus + "offline", (from, content) => CpuList.Read(from, HostFile.OfflineCpus, content),
            "None, unless all of the host's CPUs are shown."),
        View(Cpus + "online", (from, content) => CpuList.Read(from, HostFile.OnlineCpus, content), "The CPUs of /proc/cpuinfo."),
        View(Cpus + "possible", (from, content) => CpuList.Read(from, HostFile.PossibleCpus, content),
            "The CPUs of /proc/cpuinfo."),
        View(Cpus + "present", (from, content) => CpuList.Read(from, HostFile.PresentCpus, content),
            "The CPUs of /proc/cpuinfo."),

        .. Enumerable.Range(0, MostNodes).SelectMany(NodeOf),

        new("/sys/devices/virtual/dmi/id/product_uuid", OwnerReads, LeafKind.Identity, "Made from the container's id.",
            context => new FixedText(Uuid.TextOf(context.View.Id))),

        Choice(HugePages + "defrag"),
        Choice(HugePages + "enabled"),
        Choice(HugePages + "shmem_enabled"),
    ];

    /// <summary>Numbers of sysfs, kept like sysctls.</summary>
    public static IReadOnlyList<SysctlRow> Rows { get; } =
    [
        new("/sys/kernel/mm/ksm/run", new ParameterForm(0, 2), "0"),
        new(HugePages + "khugepaged/defrag", new ParameterForm(0, 1), null),
        new("/sys/module/nf_conntrack/parameters/hashsize", new ParameterForm(0, uint.MaxValue), "65536") { Mode = OwnerOnly },
    ];

    static Leaf View(string path, ViewContent make, string note) =>
        new(path, ReadOnly, LeafKind.View, note, context => new ViewFile(context.From, make));

    static IEnumerable<Leaf> NodeOf(int node) =>
    [
        View($"/sys/devices/system/node/node{node}/cpulist", (from, content) => NodeCpus.ReadList(from, node, content), NodeNote),
        View($"/sys/devices/system/node/node{node}/cpumap", (from, content) => NodeCpus.ReadMask(from, node, content), NodeNote),
    ];

    static Leaf Choice(string path) => new(path, OwnerWrites, LeafKind.Sysctl, "One of the host's words; at first the host's choice.",
        context => new ChoiceFile(path, context.Values, context.From.Host));
}
