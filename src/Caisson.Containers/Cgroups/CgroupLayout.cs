using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Cgroups;

/// <summary>The cgroup hierarchies mounted here, as mountinfo shows them, whatever the distribution.</summary>
public sealed record CgroupLayout(CgroupMode Mode, IReadOnlyList<Hierarchy> Hierarchies)
{
    const string UsualPlace = "/sys/fs/cgroup";

    public Hierarchy? Unified => Hierarchies.FirstOrDefault(static one => one.IsUnified);

    /// <summary>The version 1 hierarchy with this controller.</summary>
    public Hierarchy? Find(string controller) =>
        Hierarchies.FirstOrDefault(one => !one.IsUnified && Hierarchy.Has(one.Name, controller));

    public static CgroupLayout Detect() =>
        Parse(FileText.ReadBytes("/proc/self/mountinfo"), FileText.Read("/proc/self/cgroup"));

    /// <param name="mountInfo">Of /proc/self/mountinfo.</param>
    /// <param name="ownCgroups">Of /proc/self/cgroup.</param>
    public static CgroupLayout Parse(ReadOnlySpan<byte> mountInfo, string ownCgroups)
    {
        List<(string Name, string Path)> own = ParseOwn(ownCgroups);
        Dictionary<string, Hierarchy> found = [];
        foreach (Range line in mountInfo.Split((byte)'\n'))
        {
            // Most lines are other file systems: no objects for those.
            if (mountInfo[line].IndexOf(" - cgroup"u8) < 0 || MountInfo.Parse(mountInfo[line]) is not { } mount)
            {
                continue;
            }

            foreach ((string name, string path) in own)
            {
                // Copies, such as those in root file systems of other containers, lie elsewhere than at the usual place.
                if (Shows(mount, name) && (!found.ContainsKey(name) || IsUsual(mount) && !IsUsual(found[name].MountPoint)))
                {
                    found[name] = new Hierarchy(name, mount.Target, mount.Root, path);
                }
            }
        }

        // With cgroup2 at the usual place itself the host is unified, even if something mounted a version 1 controller
        // elsewhere (VPN clients do that with net_cls).
        if (found.GetValueOrDefault(Hierarchy.Unified) is { } unified && (found.Count == 1 || unified.MountPoint == UsualPlace))
        {
            return new CgroupLayout(CgroupMode.Unified, [unified]);
        }

        CgroupMode mode = found.ContainsKey(Hierarchy.Unified) ? CgroupMode.Hybrid : CgroupMode.Legacy;
        return new CgroupLayout(mode, [.. own.Where(one => found.ContainsKey(one.Name)).Select(one => found[one.Name])]);
    }

    static bool Shows(MountInfo mount, string name)
    {
        if (name.Length == 0)
        {
            return mount.Type == "cgroup2";
        }

        // All controllers of a hierarchy are mounted together, so one of them tells which one it is.
        string first = name.Split(',')[0];
        return mount.Type == "cgroup" && Hierarchy.Has(MountInfo.Unescape(mount.SuperOptions), first);
    }

    static bool IsUsual(MountInfo mount) => IsUsual(mount.Target);

    static bool IsUsual(string target) =>
        target == UsualPlace || target.StartsWith(UsualPlace + "/", StringComparison.Ordinal);

    static List<(string Name, string Path)> ParseOwn(string text)
    {
        List<(string Name, string Path)> own = [];
        foreach (string line in text.Split('\n'))
        {
            // hierarchy-id:controllers:path; a path may contain colons.
            string[] fields = line.Split(':', 3);
            if (fields.Length == 3)
            {
                own.Add((fields[1], fields[2]));
            }
        }

        return own;
    }
}
