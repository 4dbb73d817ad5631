using Caisson.Kernel;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

/// <summary>ID-mapped mounts: what the kernel answers, in the user's words.</summary>
static class IdMapping
{
    public static Errno Try(Fd mount, Fd userNamespace, bool recursive) => MountTree.TrySetAttributes(
        mount, MountAttributes.MOUNT_ATTR_IDMAP, MountAttributes.None, MountFlags.None, userNamespace, recursive);

    public static void Require(Fd mount, Fd userNamespace, string path)
    {
        Errno errno = Try(mount, userNamespace, recursive: false);
        if (errno != Errno.None)
        {
            throw new UserError(
                $"the file system of '{path}' cannot be ID-mapped: mount_setattr: {errno.Describe()}",
                "keep the engine's data on ext4, xfs, btrfs or (from Linux 6.3) tmpfs, or run with --isolation=plain");
        }
    }
}
