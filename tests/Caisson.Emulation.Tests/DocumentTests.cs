using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Caisson.Emulation.Sys;
using Caisson.Emulation.Sysctl;
using Caisson.Tests;

namespace Caisson.Emulation.Tests;

/// <summary>docs/emulated-files.md is made from the tables.</summary>
public sealed partial class DocumentTests
{
    const string Introduction = """
        # Emulated files

        <!-- Made from the tables in src/Caisson.Emulation; `CAISSON_ACCEPT=1` and the tests of Caisson.Emulation write it anew. -->

        A system container is shown these files in place of the kernel's, each mounted over the one of the same name in /proc and
        /sys, also where they are mounted anew inside. A file that the kernel or the namespace does not have is not there either.
        This is a view and no boundary: what a container may do is decided by the kernel.

        **Nearest limited cgroup.** Whoever reads is shown the numbers of the cgroup with the smallest limit between its own and the
        container's; of equal ones the nearest. So an inner container with limits of its own sees those, and one without sees the
        outer one's. Where nothing is limited below what the machine has, the machine's numbers are shown. Limits are read at each
        reading: `docker update` is seen at once. Both versions of cgroups count, also side by side.

        **Written values** are the container's own: checked as the kernel checks them (EINVAL), shown, kept while the container
        runs, gone when it is started again, and without any effect. Nothing is ever written to the host.

        **What the kernel has for each namespace** stays the kernel's: a file of /proc/sys that belongs to the container's root and
        that it may write is not covered. The last column of the table tells which of those below are; a test proves it for those
        that the running kernel has (on Linux 6.18 all but ipvs, which is a module). Most of net.*, System V IPC, POSIX message queues and user.* are namespaced and not in the table at all.


        """;

    const string Limits = """

        ## What is not emulated

        - `sched_getaffinity(2)`, and with it `nproc` of coreutils and musl's `sysconf`, tells the CPUs of the cpuset under the host's
          numbers and knows no quota. Programs that read /sys/devices/system/cpu/online or /proc/cpuinfo (glibc's `sysconf`, nginx,
          htop, lscpu) see the quota. Runtimes such as Go, .NET and Java read the cgroup themselves.
        - Waiting for a change: `poll(2)` of /proc/sys/kernel/hostname does not tell that the name was changed, and triggers on
          /proc/pressure cannot be set; those of the cgroup itself can.
        - Directories: all of the host's cpuN and nodeN are there, with their own topology and caches.
        - /proc/PID/stat counts start times from the start of the machine. Without a time namespace `ps` reckons them against
          /proc/uptime, and so tells wrong start and elapsed times.
        - Sysctls that a network namespace lacks cannot be added: of net.core most, neighbour thresholds, ipvs without its module.
        - Effects: a value that was accepted changes nothing. vm.overcommit_memory=2 inside does not limit what can be allocated, and
          no huge page is reserved.

        """;

    [Fact]
    public void The_document_is_that_of_the_tables()
    {
        StringBuilder text = new(Introduction);
        Section(text, "Views", LeafKind.View);
        Section(text, "Identity", LeafKind.Identity);
        text.Append("## Values of the container's own\n\n| Path | Mode | Takes | At first | Namespaced by the kernel |\n| --- | --- | --- | --- | --- |\n");
        foreach (SysctlRow row in SysctlTable.Rows.Concat(SysTree.Rows))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Path} | {Octal(row.Mode)} | {row.Form.Description}{Remark(row)} | {AtFirst(row)} | {Namespaced(row)} |\n");
        }

        foreach (Leaf leaf in SysTree.Leaves.Where(leaf => leaf.Kind == LeafKind.Sysctl))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {leaf.Path} | {Octal(leaf.Mode)} | one of the words it shows | the host's choice | no |\n");
        }

        Golden.AssertDocument("docs/emulated-files.md", text.Append(Limits).ToString());
    }

    static void Section(StringBuilder text, string heading, LeafKind kind)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {heading}\n\n| Path | Mode | What it shows |\n| --- | --- | --- |\n");
        IEnumerable<string> rows = LeafTable.Leaves.Where(leaf => leaf.Kind == kind)
            .Select(leaf => $"| {Node().Replace(leaf.Path, "/nodeN/")} | {Octal(leaf.Mode)} | {leaf.Note} |\n");
        text.AppendJoin("", rows.Distinct());

        text.Append('\n');
    }

    static string Remark(SysctlRow row) =>
        (row.IsRequest ? "; nothing is done or kept" : "")
        + (row.Clears is null ? "" : $"; sets {row.Clears} to 0")
        + (row.Final is null ? "" : $"; {row.Final.Value.Value} is final");

    static string AtFirst(SysctlRow row) => (row.Mode & 0x100) == 0 ? "" : row.Initial?.Replace('\t', ' ') ?? "the host's value";

    static string Namespaced(SysctlRow row) => row.Namespaced switch
    {
        null => "no",
        "always" => "yes",
        string version => $"since Linux {version}",
    };

    [GeneratedRegex(@"/node\d+/")]
    private static partial Regex Node();

    static string Octal(uint mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}
