using System.Buffers;
using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>
/// Copies the data of one file into an empty one by the cheapest way that both file systems know: shared extents
/// (FICLONE), a copy within the kernel (copy_file_range(2)), a buffer. Holes stay holes. What turned out impossible once is
/// not tried again by the same object.
/// </summary>
public sealed unsafe partial class CopyRange
{
    const nuint FICLONE = 0x40049409;
    const int SEEK_SET = 0;
    const int SEEK_DATA = 3;
    const int SEEK_HOLE = 4;
    const long LargestStep = 1 << 30;
    const int BufferSize = 1 << 17;

    bool _clones = true;
    bool _copiesInKernel = true;

    /// <param name="stat">Of the source; its size is what the copy gets.</param>
    public void Copy(Fd from, Fd to, statx stat, string subject)
    {
        long size = (long)stat.stx_size;
        if (size == 0 || TryClone(from, to))
        {
            return;
        }

        for (long at = 0; at < size;)
        {
            long data = Seek(from, at, SEEK_DATA, size, subject);
            long hole = data < size ? Seek(from, data, SEEK_HOLE, size, subject) : size;
            if (data < hole)
            {
                CopyData(from, to, data, hole, subject);
            }

            at = hole;
        }

        // A hole at the end was not written.
        if (ftruncate(to, size) != 0)
        {
            throw KernelException.Last("ftruncate", subject);
        }
    }

    bool TryClone(Fd from, Fd to)
    {
        if (!_clones)
        {
            return false;
        }

        if (ioctl(to, FICLONE, from.Number) == 0)
        {
            GC.KeepAlive(from);
            return true;
        }

        // EOPNOTSUPP, EXDEV: never possible here. Anything else (EINVAL: flags of this file; ENOSPC) is about one file, and
        // the ordinary copy either works or says what is wrong.
        _clones = (Errno)Marshal.GetLastPInvokeError() is not (Errno.EOPNOTSUPP or Errno.EXDEV or Errno.ENOTTY);
        return false;
    }

    static long Seek(Fd file, long at, int whence, long size, string subject)
    {
        long found = lseek(file, at, whence);
        if (found >= 0)
        {
            return Math.Min(found, size);
        }

        return (Errno)Marshal.GetLastPInvokeError() switch
        {
            // No data up to the end.
            Errno.ENXIO => size,
            // A file system that knows no holes: all is data.
            Errno.EINVAL or Errno.EOPNOTSUPP => whence == SEEK_DATA ? at : size,
            _ => throw KernelException.Last("lseek", subject),
        };
    }

    void CopyData(Fd from, Fd to, long start, long end, string subject)
    {
        long source = start;
        long target = start;
        while (_copiesInKernel && source < end)
        {
            nint count = copy_file_range(from, &source, to, &target, (nuint)Math.Min(end - source, LargestStep), 0);
            if (count == 0)
            {
                // The source is shorter than it was, or one of those of procfs that lie about their size.
                return;
            }

            if (count < 0)
            {
                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                _copiesInKernel = errno is Errno.EXDEV or Errno.EOPNOTSUPP or Errno.EINVAL or Errno.ENOSYS
                    ? false
                    : throw new KernelException(errno, "copy_file_range", subject);
            }
        }

        if (source < end)
        {
            CopyByBuffer(from, to, source, end, subject);
        }
    }

    static void CopyByBuffer(Fd from, Fd to, long at, long end, string subject)
    {
        if (lseek(from, at, SEEK_SET) < 0 || lseek(to, at, SEEK_SET) < 0)
        {
            throw KernelException.Last("lseek", subject);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        while (at < end)
        {
            int count = FileText.ReadSome(from, buffer.AsSpan(0, (int)Math.Min(end - at, buffer.Length)), subject);
            if (count == 0)
            {
                break;
            }

            Errno errno = FileText.WriteAll(to, buffer.AsSpan(0, count));
            if (errno != Errno.None)
            {
                throw new KernelException(errno, "write", subject);
            }

            at += count;
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(Fd file, nuint request, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(Fd file, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(Fd file, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint copy_file_range(Fd from, long* source, Fd to, long* target, nuint length, uint flags);
}
