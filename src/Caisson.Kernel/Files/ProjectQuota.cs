using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>
/// Projects of ext4 and xfs: each file belongs to one, and a file system limits what the files of a project take together
/// (quotactl(2), ioctl_xfs_fsgetxattr(2)). Everything here needs capabilities in the initial user namespace.
/// </summary>
public static unsafe partial class ProjectQuota
{
    const nuint FS_IOC_FSGETXATTR = 0x801c581f;
    const nuint FS_IOC_FSSETXATTR = 0x401c5820;
    const uint FS_XFLAG_PROJINHERIT = 0x200;
    const uint Q_XGETQUOTA = 0x5803;
    const uint Q_XSETQLIM = 0x5804;
    const uint Q_XGETQSTAT = 0x5805;
    const uint PRJQUOTA = 2;
    const sbyte FS_DQUOT_VERSION = 1;
    const sbyte FS_PROJ_QUOTA = 2;
    const ushort FS_DQ_ISOFT = 1;
    const ushort FS_DQ_IHARD = 2;
    const ushort FS_DQ_BSOFT = 4;
    const ushort FS_DQ_BHARD = 8;
    const ushort FS_QUOTA_PDQ_ENFD = 32;

    /// <summary>struct fs_quota_stat is 80 bytes; its flags come after the version.</summary>
    const int StatSize = 80;

    /// <summary>Of "basic blocks", in which limits are told.</summary>
    const int BlockSize = 512;

    /// <summary>The project that new files in a directory belong to; 0 where it is not passed on, or there are none here.</summary>
    public static uint Inherited(Fd directory)
    {
        fsxattr attributes = default;
        return ioctl(directory, FS_IOC_FSGETXATTR, &attributes) == 0 && (attributes.fsx_xflags & FS_XFLAG_PROJINHERIT) != 0
            ? attributes.fsx_projid
            : 0;
    }

    /// <summary>Gives a file or directory to a project; what is made in such a directory belongs to it, too.</summary>
    public static Errno TryAssign(Fd file, uint project, bool isDirectory)
    {
        fsxattr attributes = default;
        if (ioctl(file, FS_IOC_FSGETXATTR, &attributes) != 0)
        {
            return (Errno)Marshal.GetLastPInvokeError();
        }

        attributes.fsx_projid = project;
        attributes.fsx_xflags |= isDirectory ? FS_XFLAG_PROJINHERIT : 0;
        return ioctl(file, FS_IOC_FSSETXATTR, &attributes) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>Does this file system hold projects to their limits?</summary>
    public static bool IsEnforced(Fd directory)
    {
        byte* stat = stackalloc byte[StatSize];
        return quotactl_fd(SyscallNumbers.quotactl_fd, directory, Command(Q_XGETQSTAT), 0, stat) == 0
            && (*(ushort*)(stat + sizeof(ushort)) & FS_QUOTA_PDQ_ENFD) != 0;
    }

    /// <summary>Neither has it limits nor does it own anything.</summary>
    public static bool IsFree(Fd directory, uint project)
    {
        fs_disk_quota quota = default;
        return quotactl_fd(SyscallNumbers.quotactl_fd, directory, Command(Q_XGETQUOTA), project, &quota) == 0
            ? (quota.d_blk_hardlimit | quota.d_ino_hardlimit | quota.d_bcount | quota.d_icount) == 0
            : Marshal.GetLastPInvokeError() == (int)Errno.ENOENT;
    }

    /// <summary>Limits what a project takes on a file system; 0 for no limit.</summary>
    public static Errno TryLimit(Fd directory, uint project, ulong bytes, ulong inodes)
    {
        fs_disk_quota quota = new()
        {
            d_version = FS_DQUOT_VERSION,
            d_flags = FS_PROJ_QUOTA,
            d_fieldmask = FS_DQ_BHARD | FS_DQ_BSOFT | FS_DQ_IHARD | FS_DQ_ISOFT,
            d_id = project,
            d_blk_hardlimit = (bytes + BlockSize - 1) / BlockSize,
            d_ino_hardlimit = inodes,
        };
        return quotactl_fd(SyscallNumbers.quotactl_fd, directory, Command(Q_XSETQLIM), project, &quota) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();
    }

    // QCMD of linux/quota.h.
    static uint Command(uint command) => (command << 8) | PRJQUOTA;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(Fd file, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint quotactl_fd(nint number, Fd file, uint command, uint id, void* argument);
}
