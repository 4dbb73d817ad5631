using Caisson.Containers.Cgroups;

namespace Caisson.Containers.Rootfs;

/// <summary>The host's hierarchies as /sys/fs/cgroup of a container shows them.</summary>
static class CgroupHierarchies
{
    const string NamedPrefix = "name=";

    public static IReadOnlyList<CgroupHierarchy> Of(CgroupPath path, Cgroup cgroup) =>
    [
        .. path.Layout.Hierarchies.Select(hierarchy => new CgroupHierarchy(
            Path.GetFileName(hierarchy.MountPoint),
            hierarchy.IsUnified || hierarchy.Name.StartsWith(NamedPrefix, StringComparison.Ordinal) ? [] : hierarchy.Name.Split(','),
            hierarchy.IsUnified,
            // Where none could be made, the container is in the command's.
            cgroup.State.Paths.GetValueOrDefault(hierarchy.Name) ?? hierarchy.OwnDirectory)
        {
            NamedAs = hierarchy.Name.StartsWith(NamedPrefix, StringComparison.Ordinal) ? hierarchy.Name[NamedPrefix.Length..] : null,
        }),
    ];
}
