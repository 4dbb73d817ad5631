using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Files;

/// <summary>Whole small files: those of cgroupfs, procfs and sysfs, and our own state.</summary>
public static unsafe partial class FileText
{
    /// <summary>Bound for <see cref="ReadBytes(Fd, string, int)"/>: what we read of one file at most.</summary>
    public const int DefaultLimit = 16 * 1024 * 1024;

    const int FirstRead = 8192;

    // Most files fit into it, and a command reads dozens: its memory stays small without a collection.
    [ThreadStatic]
    static byte[]? _firstRead;

    public static string Read(string path) => Encoding.UTF8.GetString(ReadBytes(path));

    public static string Read(Fd directory, string path)
    {
        using Fd file = OpenAt2.Open(directory, path, OpenFlags.O_RDONLY);
        return Encoding.UTF8.GetString(ReadBytes(file, path));
    }

    /// <summary>Null where the file does not exist; any other failure is thrown.</summary>
    public static string? TryRead(Fd directory, string path)
    {
        Errno errno = OpenAt2.TryOpen(directory, path, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? file);
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }

        using Fd opened = errno == Errno.None ? file! : throw new KernelException(errno, "open", path);
        return Encoding.UTF8.GetString(ReadBytes(opened, path));
    }

    public static string? TryRead(string path) => TryRead(Fd.CurrentDirectory, path);

    public static byte[] ReadBytes(string path)
    {
        using Fd file = OpenAt2.Open(path, OpenFlags.O_RDONLY);
        return ReadBytes(file, path);
    }

    /// <summary>Reads to the end; more than <paramref name="limit"/> bytes is EFBIG.</summary>
    public static byte[] ReadBytes(Fd file, string name, int limit = DefaultLimit)
    {
        // One byte more than the limit tells a file of just that size from a longer one.
        byte[] buffer = limit + 1 < FirstRead ? new byte[limit + 1] : _firstRead ??= new byte[FirstRead];
        int length = 0;
        while (true)
        {
            if (length > limit)
            {
                throw new KernelException(Errno.EFBIG, "read", name);
            }

            if (length == buffer.Length)
            {
                // A copy: the thread's own buffer keeps its size.
                Array.Resize(ref buffer, Math.Min(limit + 1, buffer.Length * 4));
            }

            int count = ReadSome(file, buffer.AsSpan(length), name);
            if (count == 0)
            {
                return buffer.AsSpan(0, length).ToArray();
            }

            length += count;
        }
    }

    /// <summary>One read(2), repeated only on EINTR; 0 at the end.</summary>
    public static int ReadSome(Fd file, Span<byte> buffer, string name)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint count = read(file, start, (nuint)buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                if (Marshal.GetLastPInvokeError() != (int)Errno.EINTR)
                {
                    throw KernelException.Last("read", name);
                }
            }
        }
    }

    /// <summary>Writes to an existing file in one write(2), as the kernel's control files want it.</summary>
    public static void Write(Fd directory, string path, ReadOnlySpan<char> text)
    {
        Errno errno = TryWrite(directory, path, text);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, $"write \"{text.Trim()}\" to", path);
        }
    }

    public static void Write(string path, ReadOnlySpan<char> text) => Write(Fd.CurrentDirectory, path, text);

    /// <summary>As <see cref="Write(Fd, string, ReadOnlySpan{char})"/>; the errno of the open or of the write is the answer.</summary>
    public static Errno TryWrite(Fd directory, string path, ReadOnlySpan<char> text)
    {
        Errno errno = OpenAt2.TryOpen(directory, path, OpenFlags.O_WRONLY, ResolveFlags.None, 0, out Fd? file);
        if (errno != Errno.None)
        {
            return errno;
        }

        using (file)
        {
            return WriteAll(file!, Encoding.UTF8.GetBytes(text.ToArray()));
        }
    }

    /// <summary>Replaces a file of our own: written beside, then renamed, so a reader sees the old or the new one whole.</summary>
    public static void Replace(Fd directory, string name, ReadOnlySpan<byte> content, uint mode = 0x180 /* 0600 */)
    {
        string beside = $".{name}.new";
        const OpenFlags create = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_NOFOLLOW;
        using (Fd file = OpenAt2.Open(directory, beside, create, ResolveFlags.None, mode))
        {
            Errno errno = WriteAll(file, content);
            if (errno != Errno.None)
            {
                throw new KernelException(errno, "write", name);
            }
        }

        Directories.Rename(directory, beside, directory, name);
    }

    public static Errno WriteAll(Fd file, ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            int done = 0;
            // At least one write(2): an empty string is a value for some control files.
            do
            {
                nint count = write(file, start + done, (nuint)(content.Length - done));
                if (count < 0)
                {
                    Errno errno = (Errno)Marshal.GetLastPInvokeError();
                    if (errno == Errno.EINTR)
                    {
                        continue;
                    }

                    return errno;
                }

                done += (int)count;
            }
            while (done < content.Length);

            return Errno.None;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(Fd fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(Fd fd, byte* buffer, nuint count);
}
