using Caisson.Kernel;

namespace Caisson.Cli;

/// <summary>What helps against a failure of the kernel: by call and errno, a literal table.</summary>
static class Hints
{
    static readonly (string Call, Errno Errno, string Hint)[] Table =
    [
        ("clone3", Errno.ENOSPC, "a limit of namespaces is reached: sysctl user.max_user_namespaces and the other user.max_* limits"),
        ("clone3", Errno.EPERM, "run as root; some distributions forbid namespaces: sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns"),
        ("clone3", Errno.EINVAL, "the kernel lacks a namespace type that the container asks for"),
        ("mount overlay", Errno.EINVAL, "overlay on ID-mapped layers needs Linux 5.19 or later"),
        ("mount_setattr MOUNT_ATTR_IDMAP", Errno.EINVAL, "this file system cannot be ID-mapped: ext4, xfs, btrfs and (from Linux 6.3) tmpfs can"),
        ("mount_setattr MOUNT_ATTR_IDMAP", Errno.EPERM, "in a container only file systems that were mounted in it can be ID-mapped: mount without uidMappings and idmap"),
        ("move_mount", Errno.ENOSPC, "not disk space but the number of mounts: sysctl fs.mount-max"),
        ("fsopen", Errno.ENODEV, "the kernel does not know this file system: load its module"),
        ("fsopen", Errno.EPERM, "run as root"),
        ("unshare", Errno.EPERM, "run as root"),
        ("mkdir", Errno.EACCES, "run as root, or choose another --root"),
        ("mkdir", Errno.EROFS, "choose a writable place with --root"),
    ];

    public static string? For(Exception failure)
    {
        for (Exception? at = failure; at is not null; at = at.InnerException)
        {
            if (at is KernelException kernel)
            {
                return Table.FirstOrDefault(row => row.Errno == kernel.Errno && kernel.Call.StartsWith(row.Call, StringComparison.Ordinal)).Hint;
            }
        }

        return null;
    }
}
