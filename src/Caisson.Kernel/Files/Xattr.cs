using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Files;

/// <summary>Extended attributes (xattr(7)) of open files and directories, and of a directory's entries without following links.</summary>
public static unsafe partial class Xattr
{
    /// <summary>XATTR_LIST_MAX and XATTR_SIZE_MAX of linux/limits.h.</summary>
    const int Longest = 65536;

    const int InitialRoom = 1024;

    /// <summary>Null where there is no such attribute, or the file system has none. Not for O_PATH descriptors.</summary>
    public static byte[]? TryGet(Fd file, string name)
    {
        fixed (byte* attribute = TreeCopyCalls.Terminated(name))
        {
            return Get(file, null, attribute, file.ProcPath);
        }
    }

    /// <summary>The errno is the answer: ENOTSUP where the file system has no such attributes.</summary>
    public static Errno TrySet(Fd file, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* attribute = TreeCopyCalls.Terminated(name), start = value)
        {
            return fsetxattr(file, attribute, start, (nuint)value.Length, 0) == 0 ? Errno.None : Last();
        }
    }

    public static void Set(Fd file, string name, ReadOnlySpan<byte> value)
    {
        Errno errno = TrySet(file, name, value);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, $"setxattr {name}", file.ProcPath);
        }
    }

    /// <summary>One that is not there is no error.</summary>
    public static void Remove(Fd file, string name)
    {
        fixed (byte* attribute = TreeCopyCalls.Terminated(name))
        {
            if (fremovexattr(file, attribute) != 0 && Last() is not (Errno.ENODATA or Errno.EOPNOTSUPP))
            {
                throw KernelException.Last($"removexattr {name}", file.ProcPath);
            }
        }
    }

    public static IReadOnlyList<string> List(Fd file)
    {
        List<string> names = [];
        foreach (byte[] name in Names(file, null, file.ProcPath))
        {
            names.Add(TreeCopyCalls.Show(name));
        }

        return names;
    }

    /// <summary>Makes the attributes of one open file those of another one.</summary>
    internal static void CopyAll(Fd from, Fd to, string subject) => CopyAll(from, null, to, null, subject);

    /// <summary>The same for an entry of two directories: a link, a device, a fifo, which must not be opened.</summary>
    internal static void CopyAll(Fd fromDirectory, Fd toDirectory, ReadOnlySpan<byte> name, string subject)
    {
        // Without getxattrat(2) (Linux 6.13), an entry that cannot be opened is only reached by a path. The first link in it is
        // our own descriptor, the last component is not followed.
        fixed (byte* from = Path(fromDirectory, name), to = Path(toDirectory, name))
        {
            CopyAll(fromDirectory, from, toDirectory, to, subject);
        }
    }

    static void CopyAll(Fd from, byte* fromPath, Fd to, byte* toPath, string subject)
    {
        List<byte[]> wanted = Names(from, fromPath, subject);
        foreach (byte[] present in Names(to, toPath, subject))
        {
            // Inherited from the directory it was made in: a default ACL, a label. Labels cannot be removed, only replaced.
            if (!wanted.Exists(name => name.AsSpan().SequenceEqual(present)) && !present.AsSpan().StartsWith("security."u8))
            {
                fixed (byte* attribute = present)
                {
                    Check(toPath == null ? fremovexattr(to, attribute) : lremovexattr(toPath, attribute), "removexattr", present, subject);
                }
            }
        }

        foreach (byte[] name in wanted)
        {
            fixed (byte* attribute = name)
            {
                if (name.AsSpan().SequenceEqual("security.evm\0"u8) || Get(from, fromPath, attribute, subject) is not byte[] value)
                {
                    continue;
                }

                fixed (byte* start = value)
                {
                    nuint size = (nuint)value.Length;
                    Check(
                        toPath == null ? fsetxattr(to, attribute, start, size, 0) : lsetxattr(toPath, attribute, start, size, 0),
                        "setxattr", name, subject);
                }
            }
        }
    }

    static void Check(int result, string call, byte[] name, string subject)
    {
        if (result != 0)
        {
            throw KernelException.Last($"{call} {TreeCopyCalls.Show(name)}", subject);
        }
    }

    static List<byte[]> Names(Fd file, byte* path, string subject)
    {
        byte* few = stackalloc byte[InitialRoom];
        nint length = path == null ? flistxattr(file, few, InitialRoom) : llistxattr(path, few, InitialRoom);
        if (length >= 0)
        {
            return Split(new ReadOnlySpan<byte>(few, (int)length));
        }

        switch (Last())
        {
            case Errno.EOPNOTSUPP:
                return [];
            case not Errno.ERANGE:
                throw KernelException.Last("listxattr", subject);
        }

        byte[] many = new byte[Longest];
        fixed (byte* start = many)
        {
            length = path == null ? flistxattr(file, start, Longest) : llistxattr(path, start, Longest);
            return length >= 0 ? Split(many.AsSpan(0, (int)length)) : throw KernelException.Last("listxattr", subject);
        }
    }

    static List<byte[]> Split(ReadOnlySpan<byte> list)
    {
        List<byte[]> names = [];
        while (!list.IsEmpty)
        {
            int end = list.IndexOf((byte)0) + 1;
            names.Add(list[..end].ToArray());
            list = list[end..];
        }

        return names;
    }

    static byte[]? Get(Fd file, byte* path, byte* attribute, string subject)
    {
        byte* small = stackalloc byte[InitialRoom];
        nint length = path == null ? fgetxattr(file, attribute, small, InitialRoom) : lgetxattr(path, attribute, small, InitialRoom);
        if (length >= 0)
        {
            return new ReadOnlySpan<byte>(small, (int)length).ToArray();
        }

        switch (Last())
        {
            case Errno.ENODATA or Errno.EOPNOTSUPP:
                return null;
            case not Errno.ERANGE:
                throw KernelException.Last("getxattr", subject);
        }

        byte[] large = new byte[Longest];
        fixed (byte* start = large)
        {
            length = path == null ? fgetxattr(file, attribute, start, Longest) : lgetxattr(path, attribute, start, Longest);
            return length >= 0 ? large.AsSpan(0, (int)length).ToArray() : throw KernelException.Last("getxattr", subject);
        }
    }

    static byte[] Path(Fd directory, ReadOnlySpan<byte> name) => [.. Encoding.UTF8.GetBytes(directory.ProcPath), (byte)'/', .. name];

    static Errno Last() => (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint flistxattr(Fd file, byte* list, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint llistxattr(byte* path, byte* list, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint fgetxattr(Fd file, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lgetxattr(byte* path, byte* name, byte* value, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsetxattr(Fd file, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lsetxattr(byte* path, byte* name, byte* value, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fremovexattr(Fd file, byte* name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int lremovexattr(byte* path, byte* name);
}
