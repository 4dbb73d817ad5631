using Caisson.Containers.Systemd;

namespace Caisson.Containers.Cgroups;

/// <summary>The directories of a container's cgroup, one in each hierarchy.</summary>
/// <param name="Layout">The hierarchies.</param>
/// <param name="Directories">By hierarchy name, absolute.</param>
/// <param name="Unit">Which systemd is to make it for; null where it is made here.</param>
public sealed record CgroupPath(CgroupLayout Layout, IReadOnlyDictionary<string, string> Directories, SystemdUnit? Unit = null)
{
    /// <summary>
    /// runc's rules: an absolute path starts at each mount point; a relative one, or the container's id where there is
    /// none, at the own cgroup (version 1) or beside it (version 2, where a cgroup with processes can have no children
    /// with controllers).
    /// </summary>
    /// <param name="layout">Of the host.</param>
    /// <param name="cgroupsPath">linux.cgroupsPath.</param>
    /// <param name="containerId">Names the cgroup where the spec does not.</param>
    /// <param name="systemd">The flag --systemd-cgroup.</param>
    /// <param name="mayMiss">There need not be any hierarchy.</param>
    public static CgroupPath Resolve(CgroupLayout layout, string? cgroupsPath, string containerId, bool systemd, bool mayMiss = false)
    {
        if (layout.Hierarchies.Count == 0 && !mayMiss)
        {
            throw new UserError("no cgroup hierarchy is mounted", "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        }

        if (systemd)
        {
            SystemdUnit unit = SystemdUnit.Parse(cgroupsPath, containerId);
            return new CgroupPath(layout, layout.Hierarchies.ToDictionary(one => one.Name, one => $"{one.MountPoint}/{unit.CgroupPath}"), unit);
        }

        string wanted = string.IsNullOrEmpty(cgroupsPath) ? containerId : cgroupsPath;
        bool absolute = wanted.StartsWith('/');
        string clean = Clean(wanted);
        if (clean.Length == 0)
        {
            throw new UserError(
                $"linux.cgroupsPath \"{cgroupsPath}\" names a hierarchy's root, which cannot belong to one container",
                "give a path such as /caisson/<container id>");
        }

        Dictionary<string, string> directories = [];
        foreach (Hierarchy one in layout.Hierarchies)
        {
            string start = absolute ? one.MountPoint : Start(layout.Mode, one);
            directories[one.Name] = $"{start.TrimEnd('/')}/{clean}";
        }

        return new CgroupPath(layout, directories);
    }

    static string Start(CgroupMode mode, Hierarchy one) => (mode, one.IsUnified) switch
    {
        (CgroupMode.Unified, _) when one.OwnDirectory != one.MountPoint => Path.GetDirectoryName(one.OwnDirectory)!,
        // As runc has it: beside version 1 hierarchies the version 2 one is used from its mount point on.
        (_, true) => one.MountPoint,
        _ => one.OwnDirectory,
    };

    // Lexically, with .. never leaving the start.
    static string Clean(string path)
    {
        List<string> parts = [];
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("." or ".."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
