using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>struct statx_timestamp of linux/stat.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct statx_timestamp
{
    public long tv_sec;
    public uint tv_nsec;
    readonly int __reserved;
}

/// <summary>struct statx of linux/stat.h, as far as Linux 6.1 has it; the rest is spare room.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
public struct statx
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    readonly ushort __spare0;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public statx_timestamp stx_atime;
    public statx_timestamp stx_btime;
    public statx_timestamp stx_ctime;
    public statx_timestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;
    public ulong stx_mnt_id;
}

/// <summary>What kind of inode a mode names (S_IFMT of stat(2)).</summary>
public enum FileKind
{
    Fifo = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}

/// <summary>statx(2) of a descriptor or of a path, with the mount id.</summary>
public static unsafe partial class Stat
{
    const int AT_EMPTY_PATH = 0x1000;
    const int AT_SYMLINK_NOFOLLOW = 0x100;
    const int AT_STATX_DONT_SYNC = 0x4000;
    const uint STATX_BASIC_STATS_AND_MNT_ID = 0x7ff | 0x1000;
    const ulong STATX_ATTR_MOUNT_ROOT = 0x2000;

    public static statx Of(Fd file)
    {
        Errno errno = Call(file, "", AT_EMPTY_PATH, out statx result);
        return errno == Errno.None ? result : throw new KernelException(errno, "statx", file.ProcPath);
    }

    /// <summary>
    /// What the kernel knows without asking anybody (AT_STATX_DONT_SYNC): no file system in user space is waited for.
    /// </summary>
    public static statx CachedOf(Fd file)
    {
        Errno errno = Call(file, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, out statx result);
        return errno == Errno.None ? result : throw new KernelException(errno, "statx", file.ProcPath);
    }

    public static Errno TryOfDescriptor(Fd file, out statx result) => Call(file, "", AT_EMPTY_PATH, out result);

    /// <summary>Follows a final symbolic link.</summary>
    public static Errno TryOf(Fd directory, string path, out statx result) => Call(directory, path, 0, out result);

    /// <summary>Does not follow a final symbolic link.</summary>
    public static Errno TryOfLink(Fd directory, string path, out statx result) =>
        Call(directory, path, AT_SYMLINK_NOFOLLOW, out result);

    extension(statx stat)
    {
        public FileKind Kind => (FileKind)(stat.stx_mode & 0xF000);

        public bool IsDirectory => stat.Kind == FileKind.Directory;

        /// <summary>Permission bits with set-user-id, set-group-id and sticky.</summary>
        public uint Permissions => stat.stx_mode & 0xFFFu;

        /// <summary>Is something mounted here, and this its root? Since Linux 5.8.</summary>
        public bool IsMountRoot => (stat.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;

        /// <summary>/dev/null, whatever it is called (admin-guide/devices.txt): names in a container are the container's to choose.</summary>
        public bool IsNullDevice => stat.Kind == FileKind.CharacterDevice && stat is { stx_rdev_major: 1, stx_rdev_minor: 3 };

        public bool IsOnSameDevice(statx other) =>
            stat.stx_dev_major == other.stx_dev_major && stat.stx_dev_minor == other.stx_dev_minor;

        public bool IsSameInode(statx other) =>
            stat.stx_ino == other.stx_ino && stat.stx_dev_major == other.stx_dev_major && stat.stx_dev_minor == other.stx_dev_minor;
    }

    static Errno Call(Fd directory, string path, int flags, out statx result)
    {
        statx buffer = default;
        nint answer = statx_call(SyscallNumbers.statx, directory, path, flags, STATX_BASIC_STATS_AND_MNT_ID, &buffer);
        result = buffer;
        return answer == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint statx_call(nint number, Fd directory, string path, int flags, uint mask, statx* buffer);
}
