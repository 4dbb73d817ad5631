using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

static unsafe partial class TreeCopyCalls
{
    const int AT_EMPTY_PATH = 0x1000;
    const int AT_REMOVEDIR = 0x200;

    /// <summary>struct timespec of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }

    public static Errno TryMakeDirectory(Fd directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name)
        {
            return mkdirat(directory, start, 0x1C0 /* 0700 */) == 0 ? Errno.None : Last();
        }
    }

    public static void MakeNode(Fd directory, ReadOnlySpan<byte> name, statx stat, string subject)
    {
        Errno errno = RawNames.TryMakeNode(directory, name, stat.Kind, 0x180 /* 0600 */, stat.stx_rdev_major, stat.stx_rdev_minor);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "mknod", subject);
        }
    }

    /// <summary>A link with the target of another one, byte by byte.</summary>
    public static void CopySymlink(Fd from, Fd to, ReadOnlySpan<byte> name, string subject)
    {
        byte* target = stackalloc byte[4097];
        fixed (byte* start = name)
        {
            nint length = readlinkat(from, start, target, 4096);
            if (length < 0)
            {
                throw KernelException.Last("readlink", subject);
            }

            target[length] = 0;
            if (symlinkat(target, to, start) != 0)
            {
                throw KernelException.Last("symlink", subject);
            }
        }
    }

    public static Errno TryLink(Fd fromDirectory, ReadOnlySpan<byte> from, Fd toDirectory, ReadOnlySpan<byte> to)
    {
        fixed (byte* source = from, target = to)
        {
            return linkat(fromDirectory, source, toDirectory, target, 0) == 0 ? Errno.None : Last();
        }
    }

    public static Errno TryRename(Fd fromDirectory, ReadOnlySpan<byte> from, Fd toDirectory, ReadOnlySpan<byte> to)
    {
        fixed (byte* source = from, target = to)
        {
            return renameat(fromDirectory, source, toDirectory, target) == 0 ? Errno.None : Last();
        }
    }

    public static Errno TryUnlink(Fd directory, ReadOnlySpan<byte> name, bool isDirectory)
    {
        fixed (byte* start = name)
        {
            return unlinkat(directory, start, isDirectory ? AT_REMOVEDIR : 0) == 0 ? Errno.None : Last();
        }
    }

    /// <summary>
    /// Comes after the change of owner, which clears set-user-id, and as the last of all: what is done to the file later
    /// changes its times.
    /// </summary>
    public static void SetModeAndTimes(Fd file, statx stat, string subject)
    {
        if (fchmod(file, stat.Permissions) != 0)
        {
            throw KernelException.Last("chmod", subject);
        }

        timespec* times = stackalloc timespec[2];
        Fill(times, stat);
        if (futimens(file, times) != 0)
        {
            throw KernelException.Last("futimens", subject);
        }
    }

    public static void SetOwner(Fd file, statx stat, string subject) => SetOwner(file, "\0"u8, stat, subject);

    public static void SetOwner(Fd directory, ReadOnlySpan<byte> name, statx stat, string subject)
    {
        fixed (byte* start = name)
        {
            if (fchownat(directory, start, stat.stx_uid, stat.stx_gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) != 0)
            {
                throw KernelException.Last("chown", subject);
            }
        }
    }

    /// <summary>Mode of a node that must not be opened: a device, a fifo, a socket.</summary>
    public static void SetNodeMode(Fd directory, ReadOnlySpan<byte> name, statx stat, string subject)
    {
        using Fd node = Open(directory, name, OpenFlags.O_PATH, 0, subject);
        fixed (byte* path = Terminated(node.ProcPath))
        {
            if (chmod(path, stat.Permissions) != 0)
            {
                throw KernelException.Last("chmod", subject);
            }
        }
    }

    public static void SetTimes(Fd directory, ReadOnlySpan<byte> name, statx stat, string subject)
    {
        timespec* times = stackalloc timespec[2];
        Fill(times, stat);
        fixed (byte* start = name)
        {
            if (utimensat(directory, start, times, AT_SYMLINK_NOFOLLOW) != 0)
            {
                throw KernelException.Last("utimensat", subject);
            }
        }
    }

    static void Fill(timespec* times, statx stat)
    {
        times[0] = new timespec { tv_sec = stat.stx_atime.tv_sec, tv_nsec = stat.stx_atime.tv_nsec };
        times[1] = new timespec { tv_sec = stat.stx_mtime.tv_sec, tv_nsec = stat.stx_mtime.tv_nsec };
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdirat(Fd directory, byte* name, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint readlinkat(Fd directory, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int symlinkat(byte* target, Fd directory, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int linkat(Fd fromDirectory, byte* from, Fd toDirectory, byte* to, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int renameat(Fd fromDirectory, byte* from, Fd toDirectory, byte* to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(Fd directory, byte* name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchownat(Fd directory, byte* name, uint uid, uint gid, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(Fd file, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int chmod(byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int futimens(Fd file, timespec* times);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int utimensat(Fd directory, byte* name, timespec* times, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int syncfs(Fd file);
}
