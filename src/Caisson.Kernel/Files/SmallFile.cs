using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>
/// Files of procfs, sysfs and cgroupfs that are read again and again: without garbage, and a failure is an ordinary answer.
/// </summary>
public static unsafe partial class SmallFile
{
    // A seq_file fills a page before it hands over less than was asked for, unless the next record does not fit; none of these
    // files has records of 3 KiB. So a read that is shorter was the last one, and there is no need to ask.
    const int SurelyLast = 1024;

    /// <summary>
    /// From its start to its end or to that of the buffer, whichever is first; by pread(2), so that a file kept open is made
    /// anew by the kernel each time.
    /// </summary>
    public static Errno TryRead(Fd file, Span<byte> buffer, out int length)
    {
        bool held = false;
        try
        {
            // SAFETY: the reference keeps the number ours until the call has returned.
            file.DangerousAddRef(ref held);
            return ReadAll(file.Number, buffer, out length);
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Opens, reads and closes.</summary>
    /// <param name="path">Relative to the directory; ends with a NUL.</param>
    public static Errno TryRead(Fd directory, ReadOnlySpan<byte> path, ResolveFlags resolve, Span<byte> buffer, out int length)
    {
        length = 0;
        Errno errno = Open(directory, path, resolve, out int file);
        if (errno == Errno.None)
        {
            errno = ReadAll(file, buffer, out length);
            _ = close(file);
        }

        return errno;
    }

    /// <summary>Opens for reading.</summary>
    /// <param name="path">Relative to the directory; ends with a NUL.</param>
    public static Errno TryOpen(Fd directory, ReadOnlySpan<byte> path, ResolveFlags resolve, out Fd? opened)
    {
        Errno errno = Open(directory, path, resolve, out int file);
        opened = errno == Errno.None ? new Fd(file) : null;
        return errno;
    }

    static Errno Open(Fd directory, ReadOnlySpan<byte> path, ResolveFlags resolve, out int file)
    {
        file = -1;
        if (path.IsEmpty || path[^1] != 0)
        {
            return Errno.EINVAL;
        }

        // O_NONBLOCK: nothing that lies there instead of a file can make us wait.
        open_how how = new()
        {
            flags = (ulong)(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC | OpenFlags.O_NOCTTY | OpenFlags.O_NONBLOCK),
            resolve = (ulong)resolve,
        };
        // SAFETY: the path ends with a NUL, checked above.
        fixed (byte* start = path)
        {
            while (true)
            {
                file = (int)openat2(SyscallNumbers.openat2, directory, start, &how, (nuint)sizeof(open_how));
                if (file >= 0)
                {
                    return Errno.None;
                }

                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                // EAGAIN: a rename raced with a RESOLVE_BENEATH walk.
                if (errno is not (Errno.EINTR or Errno.EAGAIN))
                {
                    return errno;
                }
            }
        }
    }

    static Errno ReadAll(int file, Span<byte> buffer, out int length)
    {
        length = 0;
        fixed (byte* start = buffer)
        {
            while (length < buffer.Length)
            {
                nint count = pread(file, start + length, (nuint)(buffer.Length - length), length);
                if (count < 0)
                {
                    Errno errno = (Errno)Marshal.GetLastPInvokeError();
                    if (errno == Errno.EINTR)
                    {
                        continue;
                    }

                    return errno;
                }

                length += (int)count;
                if (count < SurelyLast)
                {
                    break;
                }
            }
        }

        return Errno.None;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int fd, byte* buffer, nuint count, nint offset);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint openat2(nint number, Fd directory, byte* path, open_how* how, nuint size);
}
