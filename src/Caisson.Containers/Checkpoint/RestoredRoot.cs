using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Checkpoint;

/// <summary>
/// What CRIU restores a container's tree on, in a mount namespace that nobody else sees. It wants a mount point for the root, and
/// a place for each mount; it makes none.
/// </summary>
static class RestoredRoot
{
    /// <summary>Makes places for the plan's mounts where they are missing, and mounts the root file system alone.</summary>
    /// <param name="plan">Of the container.</param>
    /// <param name="rootfs">Its root file system.</param>
    /// <param name="path">An empty directory.</param>
    /// <param name="ids">Those places belong to its root.</param>
    public static void Mount(MountPlan plan, Fd rootfs, string path, IdMaps ids)
    {
        using (Fd tree = Attach(rootfs, path))
        {
            using FsIdentity identity = FsIdentity.Become(ids.RootUid, ids.RootGid);
            MakePlaces(plan, new RootedPath(tree));
        }

        // With all that was mounted on it for a look.
        Kernel.Mounts.Mount.Detach(path);
        Attach(rootfs, path).Dispose();
    }

    static Fd Attach(Fd rootfs, string path)
    {
        using Fd place = OpenAt2.Open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        Fd tree = MountTree.Clone(rootfs, recursive: true, path);
        MountTree.Attach(tree, place, path);
        return tree;
    }

    // One mount may lie on the next, so each is followed by what it shows: a bind by itself, a file system, whose content CRIU
    // restores, by an empty one.
    static void MakePlaces(MountPlan plan, RootedPath root)
    {
        foreach (MountStep step in plan.Mounts.Where(step => step.Inside is null))
        {
            ContainerException.During($"mount {step.Destination}", () =>
            {
                using Fd mount = step.Kind == MountKind.Bind ? CopyOf(step.Source) : NewDirectory();
                using Fd place = Stat.Of(mount).IsDirectory ? root.EnsureDirectory(step.Destination) : root.EnsureFile(step.Destination);
                MountTree.Attach(mount, place, step.Destination);
            });
        }
    }

    static Fd CopyOf(string path)
    {
        using Fd source = OpenAt2.Open(path, OpenFlags.O_PATH);
        return MountTree.Clone(source, recursive: true, path);
    }

    static Fd NewDirectory()
    {
        using FsContext context = FsContext.Open("tmpfs");
        return context.CreateMount(MountAttributes.None);
    }
}
