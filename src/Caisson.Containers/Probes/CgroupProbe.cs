using Caisson.Containers.Cgroups;
using Caisson.Containers.Systemd;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Probes;

/// <summary>A cgroup of ours is made below our own in each hierarchy, and removed; which limits the kernel offers there.</summary>
static class CgroupProbe
{
    static readonly string[] Wanted = ["cpu", "memory", "pids"];

    public static IEnumerable<Finding> Look(Host host)
    {
        CgroupLayout layout = CgroupLayout.Detect();
        if (layout.Hierarchies.Count == 0)
        {
            yield return Finding.Missing(
                "none is mounted", "engines cannot limit containers", "mount -t cgroup2 none /sys/fs/cgroup, or boot with systemd");
            yield break;
        }

        foreach (Hierarchy hierarchy in layout.Hierarchies)
        {
            if (TryMake(hierarchy) is var errno && errno != Errno.None)
            {
                yield return Finding.Missing(
                    $"{hierarchy.OwnDirectory}: {errno.Describe()}", "containers cannot have cgroups of their own", "run as root, outside of containers");
            }
        }

        string[] missing = [.. Wanted.Where(controller => !Has(layout, controller))];
        string driver = SystemdManager.IsThere ? "systemd is there to be asked, too" : "no systemd";
        yield return missing.Length == 0
            ? Finding.Ok($"{Describe(layout.Mode)}; {driver}")
            : Finding.Warning(
                $"{Describe(layout.Mode)}, without {string.Join(", ", missing)}", "limits of these are refused or have no effect",
                layout.Mode == CgroupMode.Unified
                    ? $"echo {string.Join(' ', missing.Select(it => $"+{it}"))} > /sys/fs/cgroup/cgroup.subtree_control"
                    : "boot with cgroup_enable=memory, or with version 2: systemd.unified_cgroup_hierarchy=1");
    }

    static Errno TryMake(Hierarchy hierarchy)
    {
        string name = $"caisson-doctor-{Environment.ProcessId}";
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, hierarchy.OwnDirectory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? own);
        if (errno != Errno.None)
        {
            return errno;
        }

        using (own)
        {
            try
            {
                Directories.TryMake(own!, name, 0x1ED /* 0755 */);
            }
            catch (KernelException refused)
            {
                return refused.Errno;
            }

            return Directories.TryRemove(own!, name);
        }
    }

    static bool Has(CgroupLayout layout, string controller) => layout.Mode == CgroupMode.Unified
        ? (FileText.TryRead(Path.Combine(layout.Unified!.MountPoint, "cgroup.controllers")) ?? "").Split((char[])[' ', '\n']).Contains(controller)
        : layout.Find(controller) is not null;

    static string Describe(CgroupMode mode) => mode switch
    {
        CgroupMode.Unified => "version 2",
        CgroupMode.Hybrid => "version 1 beside an empty version 2 (hybrid)",
        _ => "version 1",
    };
}
