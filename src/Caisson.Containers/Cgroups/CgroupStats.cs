using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>What <c>events --stats</c> tells. A controller that is not there leaves its part empty.</summary>
public static class CgroupStats
{
    public static ContainerStats Read(Cgroup cgroup) =>
        cgroup.Mode == CgroupMode.Unified ? UnifiedStats.Read(cgroup) : LegacyStats.Read(cgroup);

    /// <summary>By page size in the kernel's spelling (2MB), for all sizes that the machine has.</summary>
    internal static Dictionary<string, HugetlbStats> HugePages(Cgroup cgroup, string usage, string max, string failures)
    {
        Dictionary<string, HugetlbStats> stats = [];
        if (cgroup.PathOf("hugetlb") is null || OpenPageSizes() is not { } sizes)
        {
            return stats;
        }

        using (sizes)
        {
            foreach (string name in Directories.List(sizes))
            {
                string size = PageSize(name);
                // The counters of reservations are the ones that a limit is held against.
                string prefix = $"hugetlb.{size}.rsvd";
                if (cgroup.TryRead("hugetlb", $"{prefix}.{usage}") is null)
                {
                    // FALLBACK: before Linux 5.7 reservations are not counted.
                    prefix = $"hugetlb.{size}";
                }

                if (cgroup.TryRead("hugetlb", $"{prefix}.{usage}") is { } used)
                {
                    stats[size] = new HugetlbStats
                    {
                        Usage = ControlText.Number(used),
                        Max = ControlText.Number(cgroup.TryRead("hugetlb", $"{prefix}.{max}")),
                        Failcnt = failures == "events"
                            ? ControlText.Table(cgroup.TryRead("hugetlb", $"hugetlb.{size}.events")).GetValueOrDefault("max")
                            : ControlText.Number(cgroup.TryRead("hugetlb", $"{prefix}.{failures}")),
                    };
                }
            }
        }

        return stats;
    }

    /// <summary><c>hugepages-2048kB</c> as control files spell it: <c>2MB</c>.</summary>
    internal static string PageSize(string directory)
    {
        ulong kilobytes = ulong.Parse(directory.AsSpan(directory.IndexOf('-') + 1).TrimEnd("kB"));
        return kilobytes switch
        {
            >= 1 << 20 => $"{kilobytes >> 20}GB",
            >= 1 << 10 => $"{kilobytes >> 10}MB",
            _ => $"{kilobytes}KB",
        };
    }

    static Fd? OpenPageSizes() =>
        OpenAt2.TryOpen(
            Fd.CurrentDirectory,
            "/sys/kernel/mm/hugepages",
            OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY,
            ResolveFlags.None,
            0,
            out Fd? sizes) == Errno.None
            ? sizes
            : null;
}
