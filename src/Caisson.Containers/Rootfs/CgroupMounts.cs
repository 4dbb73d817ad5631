using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.Rootfs;

/// <summary>One cgroup hierarchy of the host, for /sys/fs/cgroup of a container.</summary>
/// <param name="Name">Its directory: memory, "cpu,cpuacct", systemd, unified.</param>
/// <param name="Controllers">v1 controllers; empty for a named or the unified hierarchy.</param>
/// <param name="IsUnified">cgroup v2.</param>
/// <param name="ContainerDirectory">Host path of the container's own directory in it.</param>
public sealed record CgroupHierarchy(string Name, IReadOnlyList<string> Controllers, bool IsUnified, string ContainerDirectory)
{
    /// <summary>A v1 hierarchy without controllers is told by its name: systemd.</summary>
    public string? NamedAs { get; init; }
}

/// <summary>/sys/fs/cgroup of a container: cgroup2 alone, or a tmpfs with one mount for each v1 hierarchy.</summary>
static class CgroupMounts
{
    /// <summary>
    /// Detached mounts whose superblocks are rooted at the container's cgroup namespace, or binds where it has none. Those of
    /// v1 are attached below the tmpfs after it: a detached tree cannot take mounts before Linux 6.15.
    /// </summary>
    public static PreparedMount Create(
        MountStep step,
        IReadOnlyList<CgroupHierarchy> hierarchies,
        bool hasNamespace,
        ContainerNamespaces namespaces,
        IReadOnlyList<LinuxIdMapping> uids,
        IReadOnlyList<LinuxIdMapping> gids)
    {
        Fd Hierarchy(CgroupHierarchy one) => hasNamespace
            ? namespaces.Within(NamespaceKind.CLONE_NEWCGROUP, () => CreateHierarchy(one))
            : BindHierarchy(one);

        if (hierarchies is [{ IsUnified: true } only])
        {
            return new PreparedMount(step, Hierarchy(only), IsDirectory: true, []);
        }

        MountStep top = new(MountKind.New, "tmpfs", "tmpfs", "/sys/fs/cgroup", MountOptions.Parse(["mode=755", "nr_inodes=1k", "size=1m"]));
        Fd tmpfs = FileSystemFactory.CreateNew(top, uids, gids, mode: null);
        List<(string Name, Fd Tree)> children = [];
        foreach (CgroupHierarchy hierarchy in hierarchies)
        {
            Directories.TryMake(tmpfs, hierarchy.Name, 0x1ED /* 0755 */);
            Fd mount = Hierarchy(hierarchy);
            children.Add((hierarchy.Name, mount));
            MountTree.TrySetAttributes(
                mount,
                MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV | MountAttributes.MOUNT_ATTR_NOEXEC,
                MountAttributes.None,
                MountFlags.None,
                userNamespace: null,
                recursive: false);
            foreach (string controller in hierarchy.Controllers.Where(controller => controller != hierarchy.Name))
            {
                Nodes.TrySymlink(hierarchy.Name, tmpfs, controller);
            }
        }

        return new PreparedMount(step, tmpfs, IsDirectory: true, children);
    }

    static Fd CreateHierarchy(CgroupHierarchy hierarchy)
    {
        using FsContext context = FsContext.Open(hierarchy.IsUnified ? "cgroup2" : "cgroup");
        context.SetString("source", "cgroup");
        foreach (string controller in hierarchy.Controllers)
        {
            context.SetFlag(controller);
        }

        if (hierarchy.NamedAs is { } name)
        {
            context.SetString("name", name);
        }

        return context.CreateMount(MountAttributes.None);
    }

    static Fd BindHierarchy(CgroupHierarchy hierarchy)
    {
        using Fd source = OpenAt2.Open(hierarchy.ContainerDirectory, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        return MountTree.Clone(source, recursive: false, hierarchy.ContainerDirectory);
    }
}
