using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Files;

/// <summary>Making and changing single inodes by directory and name: device nodes, links, owners, modes.</summary>
public static unsafe partial class Nodes
{
    const int AT_EMPTY_PATH = 0x1000;
    const int AT_SYMLINK_NOFOLLOW = 0x100;

    /// <summary>mknodat(2); the caller sets owner and mode afterwards, as the umask applies.</summary>
    public static Errno TryMakeNode(Fd directory, string name, FileKind kind, uint mode, uint major, uint minor) =>
        mknodat(directory, name, (uint)kind | mode, Device(major, minor)) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();

    public static Errno TrySymlink(string target, Fd directory, string name) =>
        symlinkat(target, directory, name) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Does not follow a symbolic link. An id of uint.MaxValue leaves that owner as it is.</summary>
    public static void ChangeOwner(Fd directory, string name, uint uid, uint gid)
    {
        if (fchownat(directory, name, uid, gid, AT_SYMLINK_NOFOLLOW) != 0)
        {
            throw KernelException.Last("chown", name);
        }
    }

    public static void ChangeOwner(Fd file, uint uid, uint gid)
    {
        if (fchownat(file, "", uid, gid, AT_EMPTY_PATH) != 0)
        {
            throw KernelException.Last("chown", file.ProcPath);
        }
    }

    public static void ChangeMode(Fd directory, string name, uint mode)
    {
        if (fchmodat(directory, name, mode, 0) != 0)
        {
            throw KernelException.Last("chmod", name);
        }
    }

    /// <summary>The target of a symbolic link; null where there is none.</summary>
    public static string? TryReadLink(Fd directory, string name)
    {
        Span<byte> buffer = stackalloc byte[4096];
        fixed (byte* start = buffer)
        {
            nint length = readlinkat(directory, name, start, (nuint)buffer.Length);
            return length < 0 ? null : Encoding.UTF8.GetString(buffer[..(int)length]);
        }
    }

    // The encoding of glibc's makedev(3): 12 bits of major and 8 of minor stay where they were in 16-bit days.
    internal static ulong Device(uint major, uint minor) =>
        (minor & 0xff) | ((major & 0xfff) << 8) | ((ulong)(minor & ~0xffu) << 12) | ((ulong)(major & ~0xfffu) << 32);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mknodat(Fd directory, string name, uint mode, ulong device);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int symlinkat(string target, Fd directory, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fchownat(Fd directory, string name, uint uid, uint gid, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int fchmodat(Fd directory, string name, uint mode, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint readlinkat(Fd directory, string name, byte* buffer, nuint size);
}
