using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>
/// Directories by the bytes of their names: a container may make a cgroup whose name is not UTF-8, and what cannot be
/// named cannot be removed.
/// </summary>
public static unsafe partial class RawNames
{
    const byte DT_DIR = 4;
    const int AT_REMOVEDIR = 0x200;

    /// <summary>The names of the directories in a directory (without . and ..), each ending in a zero byte.</summary>
    public static List<byte[]> Subdirectories(Fd directory)
    {
        using Fd stream = OpenAt2.Open(directory, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        List<byte[]> names = [];
        byte* buffer = stackalloc byte[8192];
        while (true)
        {
            nint count = getdents64(stream, buffer, 8192);
            if (count < 0)
            {
                // The directory itself has been removed meanwhile: it holds nothing any more.
                return Marshal.GetLastPInvokeError() == (int)Errno.ENOENT ? names : throw KernelException.Last("getdents64");
            }

            if (count == 0)
            {
                return names;
            }

            // struct linux_dirent64: u64 ino, s64 off, u16 reclen, u8 type, char name[].
            for (nint at = 0; at < count; at += *(ushort*)(buffer + at + 16))
            {
                ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer + at + 19);
                if (buffer[at + 18] == DT_DIR && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add([.. name, 0]);
                }
            }
        }
    }

    /// <summary>mknodat(2); the umask applies.</summary>
    /// <param name="name">With its zero byte.</param>
    public static Errno TryMakeNode(Fd directory, ReadOnlySpan<byte> name, FileKind kind, uint mode, uint major, uint minor)
    {
        fixed (byte* start = name)
        {
            return mknodat(directory, start, (uint)kind | mode, Nodes.Device(major, minor)) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Opens a directory below another without following a symbolic link.</summary>
    public static Errno TryOpenDirectory(Fd directory, ReadOnlySpan<byte> name, out Fd? opened)
    {
        // O_PATH is enough to start further walks from, and never has side effects.
        open_how how = new()
        {
            flags = (ulong)(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC),
            resolve = (ulong)(ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_XDEV),
        };
        fixed (byte* start = name)
        {
            nint result = openat2(SyscallNumbers.openat2, directory, start, &how, (nuint)sizeof(open_how));
            opened = result >= 0 ? new Fd((int)result) : null;
            return result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    public static Errno TryMakeDirectory(Fd directory, ReadOnlySpan<byte> name, uint mode)
    {
        fixed (byte* start = name)
        {
            return mkdirat(directory, start, mode) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    public static Errno TryRemoveDirectory(Fd directory, ReadOnlySpan<byte> name)
    {
        fixed (byte* start = name)
        {
            return unlinkat(directory, start, AT_REMOVEDIR) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(Fd directory, byte* buffer, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdirat(Fd directory, byte* name, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unlinkat(Fd directory, byte* name, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mknodat(Fd directory, byte* name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint openat2(nint number, Fd directory, byte* name, open_how* how, nuint size);
}
