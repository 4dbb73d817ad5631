using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

/// <summary>Read-only and masked paths of the spec; what does not exist needs neither.</summary>
static class MaskPerformer
{
    public static void Perform(MountPlan plan, RootedPath root)
    {
        foreach (string path in plan.ReadOnlyPaths)
        {
            ContainerException.During($"make {path} read-only", () => MakeReadOnly(path, root));
        }

        // Directories share one empty file system: a superblock for each would cost every container memory.
        Fd? empty = null;
        try
        {
            foreach (string path in plan.MaskedPaths)
            {
                ContainerException.During($"mask {path}", () => Mask(path, root, ref empty));
            }
        }
        finally
        {
            empty?.Dispose();
        }
    }

    static void MakeReadOnly(string path, RootedPath root)
    {
        if (TryOpen(path, root) is not { } target)
        {
            return;
        }

        using (target)
        {
            using Fd copy = MountTree.Clone(target, recursive: true, path);
            Errno errno = MountTree.TrySetAttributes(copy, MountAttributes.MOUNT_ATTR_RDONLY, 0, 0, null, recursive: true);
            if (errno != Errno.None)
            {
                throw new KernelException(errno, "mount_setattr MOUNT_ATTR_RDONLY", path);
            }

            MountTree.Attach(copy, target, path);
        }
    }

    static void Mask(string path, RootedPath root, ref Fd? empty)
    {
        if (TryOpen(path, root) is not { } target)
        {
            return;
        }

        using (target)
        {
            if (!Stat.Of(target).IsDirectory)
            {
                using Fd device = NullDevice(root);
                MountTree.Attach(device, target, path);
            }
            else if (empty is null)
            {
                empty = EmptyDirectory();
                MountTree.Attach(empty, target, path);
            }
            else
            {
                using Fd copy = MountTree.Clone(empty, recursive: false, path);
                MountTree.Attach(copy, target, path);
            }
        }
    }

    static Fd? TryOpen(string path, RootedPath root)
    {
        Errno errno = root.TryOpen(path, OpenFlags.O_PATH, out Fd? target);
        return errno switch
        {
            Errno.None => target,
            Errno.ENOENT or Errno.ENOTDIR => null,
            _ => throw new KernelException(errno, "open", path),
        };
    }

    static Fd EmptyDirectory()
    {
        using FsContext context = FsContext.Open("tmpfs");
        context.SetString("size", "4k");
        context.SetString("nr_inodes", "2");
        context.SetString("mode", "0755");
        return context.CreateMount(MountAttributes.MOUNT_ATTR_RDONLY | MountAttributes.MOUNT_ATTR_NOSUID
            | MountAttributes.MOUNT_ATTR_NODEV | MountAttributes.MOUNT_ATTR_NOEXEC);
    }

    // The inode is looked at, not the name: an image could put something else there (CVE-2025-31133).
    static Fd NullDevice(RootedPath root)
    {
        using Fd node = root.Open("/dev/null");
        statx stat = Stat.Of(node);
        return stat.IsNullDevice
            ? MountTree.Clone(node, recursive: false, "/dev/null")
            : throw new UserError("/dev/null in the container is not the null device", "let /dev be a tmpfs in /mounts, or put the device into the image");
    }
}
