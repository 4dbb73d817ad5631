using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Files;

/// <summary>Names in directories: make, remove, rename, list. Relative paths come with their directory, in that order.</summary>
public static unsafe partial class Directories
{
    const int AT_REMOVEDIR = 0x200;

    /// <summary>True when it was made, false when something of that name is there already.</summary>
    public static bool TryMake(Fd directory, string name, uint mode)
    {
        if (mkdirat(directory, name, mode) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == (int)Errno.EEXIST ? false : throw KernelException.Last("mkdir", name);
    }

    /// <summary>Makes a trusted path of ours with its parents; never to be used below a container's root.</summary>
    public static void MakeAll(string path, uint mode)
    {
        if (mkdirat(Fd.CurrentDirectory, path, mode) == 0)
        {
            return;
        }

        switch ((Errno)Marshal.GetLastPInvokeError())
        {
            case Errno.EEXIST:
                return;
            case Errno.ENOENT when Path.GetDirectoryName(path) is { Length: > 0 } parent:
                MakeAll(parent, mode);
                TryMake(Fd.CurrentDirectory, path, mode);
                return;
            default:
                throw KernelException.Last("mkdir", path);
        }
    }

    /// <summary>Removes an empty directory; the errno is the answer.</summary>
    public static Errno TryRemove(Fd directory, string name) => Unlink(directory, name, AT_REMOVEDIR);

    /// <summary>Removes a file; the errno is the answer.</summary>
    public static Errno TryUnlink(Fd directory, string name) => Unlink(directory, name, 0);

    public static void Rename(Fd fromDirectory, string from, Fd toDirectory, string to)
    {
        Errno errno = TryRename(fromDirectory, from, toDirectory, to);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "rename", $"{from}' to '{to}");
        }
    }

    public static Errno TryRename(Fd fromDirectory, string from, Fd toDirectory, string to) =>
        renameat(fromDirectory, from, toDirectory, to) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Two names of one file system change places at once (renameat2(2)).</summary>
    public static Errno TryExchange(Fd oneDirectory, string one, Fd otherDirectory, string other)
    {
        const uint RENAME_EXCHANGE = 2;
        return renameat2(oneDirectory, one, otherDirectory, other, RENAME_EXCHANGE) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>The names in a directory except . and .., in the kernel's order.</summary>
    public static List<string> List(Fd directory)
    {
        using Fd stream = OpenAt2.Open(directory, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        List<string> names = [];
        Span<byte> buffer = stackalloc byte[8192];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = getdents64(stream, start, (nuint)buffer.Length);
                if (count < 0)
                {
                    throw KernelException.Last("getdents64");
                }

                if (count == 0)
                {
                    return names;
                }

                // struct linux_dirent64: u64 ino, s64 off, u16 reclen, u8 type, char name[].
                for (nint at = 0; at < count; at += *(ushort*)(start + at + 16))
                {
                    ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(start + at + 19);
                    if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    {
                        names.Add(Encoding.UTF8.GetString(name));
                    }
                }
            }
        }
    }

    /// <summary>
    /// Removes a tree of ours. Never follows a symbolic link and never crosses into another mount
    /// (RESOLVE_NO_XDEV): what a container left mounted or linked there stays untouched.
    /// </summary>
    public static void RemoveTree(Fd directory, string name)
    {
        Errno errno = TryUnlink(directory, name);
        if (errno is Errno.None or Errno.ENOENT)
        {
            return;
        }

        if (errno is not (Errno.EISDIR or Errno.EPERM))
        {
            throw new KernelException(errno, "unlink", name);
        }

        const ResolveFlags careful = ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV | ResolveFlags.RESOLVE_BENEATH;
        using (Fd inner = OpenAt2.Open(directory, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, careful))
        {
            foreach (string child in List(inner))
            {
                RemoveTree(inner, child);
            }
        }

        errno = TryRemove(directory, name);
        if (errno is not (Errno.None or Errno.ENOENT))
        {
            throw new KernelException(errno, "rmdir", name);
        }
    }

    static Errno Unlink(Fd directory, string name, int flags) =>
        unlinkat(directory, name, flags) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkdirat(Fd directory, string name, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlinkat(Fd directory, string name, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat(Fd fromDirectory, string from, Fd toDirectory, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(Fd oneDirectory, string one, Fd otherDirectory, string other, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getdents64(Fd directory, byte* buffer, nuint size);
}
