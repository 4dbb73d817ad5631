using Caisson.Containers.Cgroups;

namespace Caisson.Containers.Rootfs;

/// <summary>The host's hierarchies as /sys/fs/cgroup of a container shows them.</summary>
static class CgroupHierarchies
{
    const string NamedPrefix = "name=";

    public static IReadOnlyList<CgroupHierarchy> Of(CgroupPath path, Cgroup cgroup) =>
    [
        .. path.Layout.Hierarchies.Where(hierarchy => cgroup.State.Paths.ContainsKey(hierarchy.Name)).Select(hierarchy => new CgroupHierarchy(
            Path.GetFileName(hierarchy.MountPoint),
            hierarchy.IsUnified || hierarchy.Name.StartsWith(NamedPrefix, StringComparison.Ordinal) ? [] : hierarchy.Name.Split(','),
            hierarchy.IsUnified,
            path.Directories[hierarchy.Name])
        {
            NamedAs = hierarchy.Name.StartsWith(NamedPrefix, StringComparison.Ordinal) ? hierarchy.Name[NamedPrefix.Length..] : null,
        }),
    ];
}
