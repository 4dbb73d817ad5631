using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Caisson.Kernel.Files;

/// <summary>The calls of <see cref="TreeCopy"/> by names as bytes: what a container wrote need not be UTF-8.</summary>
/// <remarks>A name is a span whose last byte before its end, or right after it (a u8 literal), is the terminating NUL.</remarks>
static unsafe partial class TreeCopyCalls
{
    public const OpenFlags NoAtime = (OpenFlags)0x40000;
    public const OpenFlags Directory = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    const ResolveFlags Careful = ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_BENEATH;
    const int AT_SYMLINK_NOFOLLOW = 0x100;
    const uint STATX_BASIC_STATS = 0x7ff;

    /// <summary>Below PATH_MAX with room for a last name.</summary>
    const int LongestWalk = 3800;

    public static byte[] Terminated(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    /// <summary>A path below the top, without a NUL, followed by a name, which has one.</summary>
    public static byte[] Join(byte[] directory, byte[] name) =>
        directory.Length == 0 ? name[..^1] : [.. directory, (byte)'/', .. name.AsSpan(..^1)];

    /// <summary>For messages only: loses bytes that are no UTF-8.</summary>
    public static string Show(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name.TrimEnd((byte)0));

    public static Errno TryOpen(Fd directory, ReadOnlySpan<byte> name, OpenFlags flags, ResolveFlags more, uint mode, out Fd? fd)
    {
        open_how how = new()
        {
            flags = Native(flags | OpenFlags.O_CLOEXEC | OpenFlags.O_NOFOLLOW),
            mode = mode,
            resolve = (ulong)(Careful | more),
        };
        // SAFETY: every name that comes here ends in NUL, within the span or right behind it.
        fixed (byte* start = name)
        {
            while (true)
            {
                nint result = openat2(SyscallNumbers.openat2, directory, start, &how, (nuint)sizeof(open_how));
                if (result >= 0)
                {
                    fd = new Fd((int)result);
                    return Errno.None;
                }

                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                // EAGAIN: a rename somewhere raced with the walk; the kernel asks to repeat it.
                if (errno is not (Errno.EINTR or Errno.EAGAIN))
                {
                    fd = null;
                    return errno;
                }
            }
        }
    }

    public static Fd Open(
        Fd directory, ReadOnlySpan<byte> name, OpenFlags flags, ResolveFlags more, string subject, uint mode = 0)
    {
        Errno errno = TryOpen(directory, name, flags, more, mode, out Fd? fd);
        return errno == Errno.None ? fd! : throw new KernelException(errno, "open", subject);
    }

    /// <summary>Opens for reading without a change of the access time where that is allowed.</summary>
    public static Fd OpenUntouched(Fd directory, ReadOnlySpan<byte> name, OpenFlags flags, ResolveFlags more, string subject)
    {
        Errno errno = TryOpen(directory, name, flags | NoAtime, more, 0, out Fd? fd);
        return errno switch
        {
            Errno.None => fd!,
            // Other people's files, without CAP_FOWNER over them.
            Errno.EPERM => Open(directory, name, flags, more, subject),
            _ => throw new KernelException(errno, "open", subject),
        };
    }

    /// <summary>Opens a directory below the top; the path may be longer than PATH_MAX.</summary>
    public static Fd OpenBelow(Fd top, ReadOnlySpan<byte> path, ResolveFlags more, string subject)
    {
        Fd? at = null;
        try
        {
            while (path.Length > LongestWalk)
            {
                int cut = path[..LongestWalk].LastIndexOf((byte)'/');
                Fd next = Open(at ?? top, [.. path[..cut], 0], OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, more, subject);
                at?.Dispose();
                at = next;
                path = path[(cut + 1)..];
            }

            return OpenUntouched(at ?? top, path.IsEmpty ? "."u8 : [.. path, 0], Directory, more, subject);
        }
        finally
        {
            at?.Dispose();
        }
    }

    public static Errno TryStat(Fd directory, ReadOnlySpan<byte> name, out statx result)
    {
        statx buffer = default;
        fixed (byte* start = name)
        {
            nint answer = statx_call(SyscallNumbers.statx, directory, start, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &buffer);
            result = buffer;
            return answer == 0 ? Errno.None : Last();
        }
    }

    /// <summary>The names in a directory except . and .., each with its NUL.</summary>
    /// <param name="directoriesOnly">Leaves out what the file system says to be something else.</param>
    public static List<byte[]> List(Fd directory, string subject, bool directoriesOnly = false)
    {
        const byte DT_UNKNOWN = 0;
        const byte DT_DIR = 4;
        List<byte[]> names = [];
        byte* buffer = stackalloc byte[32768];
        while (true)
        {
            nint count = getdents64(directory, buffer, 32768);
            if (count <= 0)
            {
                return count == 0 ? names : throw KernelException.Last("getdents64", subject);
            }

            // struct linux_dirent64: u64 ino, s64 off, u16 reclen, u8 type, char name[].
            for (nint at = 0; at < count; at += *(ushort*)(buffer + at + 16))
            {
                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer + at + 19);
                bool isWanted = !directoriesOnly || buffer[at + 18] is DT_UNKNOWN or DT_DIR;
                if (isWanted && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add([.. name, 0]);
                }
            }
        }
    }

    static Errno Last() => (Errno)Marshal.GetLastPInvokeError();

    // As in OpenAt2: arm64 swaps these.
    static ulong Native(OpenFlags flags)
    {
        if (X86Base.IsSupported)
        {
            return (ulong)flags;
        }

        ulong native = (ulong)(flags & ~(OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW));
        native |= flags.HasFlag(OpenFlags.O_DIRECTORY) ? 0x4000UL : 0;
        native |= flags.HasFlag(OpenFlags.O_NOFOLLOW) ? 0x8000UL : 0;
        return native;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint openat2(nint number, Fd directory, byte* path, open_how* how, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint statx_call(nint number, Fd directory, byte* path, int flags, uint mask, statx* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(Fd directory, byte* buffer, nuint size);
}
