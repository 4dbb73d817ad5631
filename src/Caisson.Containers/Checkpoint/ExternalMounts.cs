using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Checkpoint;

/// <summary>
/// Mounts of a container whose content is the host's: an image has their names only. A name is the destination that the spec
/// gives; where that is in the running container, links resolved, is looked up for the dump.
/// </summary>
static class ExternalMounts
{
    const string NullDevice = "/dev/null";

    /// <summary>Name and host path of each, from the plan.</summary>
    /// <param name="plan">Of the container.</param>
    /// <param name="hierarchies">The host's, with the container's directory in each.</param>
    /// <param name="hasCgroupNamespace">Its cgroup mounts are its own.</param>
    public static IEnumerable<(string Name, string Source)> Of(
        MountPlan plan, IReadOnlyList<CgroupHierarchy> hierarchies, bool hasCgroupNamespace)
    {
        foreach (MountStep step in plan.Mounts)
        {
            if (step is { Kind: MountKind.Bind, Inside: null })
            {
                yield return (step.Destination, step.Source);
            }
            else if (step.Kind == MountKind.Cgroup && !hasCgroupNamespace)
            {
                bool isOnly = hierarchies is [{ IsUnified: true }];
                foreach (CgroupHierarchy one in hierarchies)
                {
                    yield return (isOnly ? step.Destination : $"{step.Destination}/{one.Name}", one.ContainerDirectory);
                }
            }
        }
    }

    /// <summary>
    /// Where such a mount is by now. A container may rename what lies above its mounts, so the inode must be the source's: else the
    /// restored one would have another source there, perhaps writable.
    /// </summary>
    public static string FindPlace(RootedPath root, string name, string source)
    {
        using Fd place = root.Open(name);
        Errno errno = Stat.TryOf(Fd.CurrentDirectory, source, out statx wanted);
        return errno == Errno.None && Stat.Of(place).IsSameInode(wanted)
            ? PathOf(place)
            : throw new UserError(
                $"mount {name}: what the container has there is not '{source}' of the host, with which it would be restored",
                "put back what was there when the container was created, or restart the container");
    }

    /// <summary>The places of masked files: the null device lies over them.</summary>
    public static IEnumerable<string> Masks(RootedPath root, MountPlan plan)
    {
        foreach (string path in plan.MaskedPaths)
        {
            if (root.TryOpen(path, OpenFlags.O_PATH, out Fd? place) == Errno.None)
            {
                using (place)
                {
                    statx stat = Stat.Of(place!);
                    if (stat is { IsNullDevice: true, IsMountRoot: true })
                    {
                        yield return PathOf(place!);
                    }
                }
            }
        }
    }

    /// <summary>The name that all masked files share, and its source.</summary>
    public static (string Name, string Source) Mask => (NullDevice, NullDevice);

    // As its own mount namespace has it: the kernel's path of a descriptor ends at that one's root.
    static string PathOf(Fd place) =>
        Nodes.TryReadLink(Fd.CurrentDirectory, place.ProcPath) ?? throw new KernelException(Errno.ENOENT, "readlink", place.ProcPath);
}
