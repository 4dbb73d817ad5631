using System.Runtime.InteropServices;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>System calls as a C program makes them: each returns its result or the negative errno.</summary>
static unsafe partial class Posix
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_DIRECTORY = (int)OpenFlags.O_DIRECTORY;
    public const int SEEK_SET = 0;
    public const int SEEK_CUR = 1;
    public const int SEEK_END = 2;
    public const int SEEK_DATA = 3;
    public const int SEEK_HOLE = 4;

    public static int Open(string path, int flags, int mode = 0x1A4) => (int)Result(open(path, flags | 0x80000, mode));

    public static int Close(int fd) => (int)Result(close(fd));

    public static long Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return Result(read(fd, start, (nuint)buffer.Length));
        }
    }

    public static long ReadAt(int fd, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            return Result(pread(fd, start, (nuint)buffer.Length, (nint)offset));
        }
    }

    public static long Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Result(write(fd, start, (nuint)bytes.Length));
        }
    }

    public static long WriteAt(int fd, ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            return Result(pwrite(fd, start, (nuint)bytes.Length, (nint)offset));
        }
    }

    public static long Seek(int fd, long offset, int whence) => Result(lseek(fd, (nint)offset, whence));

    public static long SizeOf(int fd) => (long)Stat.Of(Fd.Borrow(fd)).stx_size;

    public static long SendFile(int target, int source, int count) => Result(sendfile(target, source, null, (nuint)count));

    public static long Splice(int source, int pipe, int count) => Result(splice(source, null, pipe, null, (nuint)count, 0));

    public static long CopyRange(int source, int target, int count) =>
        Result(copy_file_range(source, null, target, null, (nuint)count, 0));

    public static int Truncate(int fd, long length) => (int)Result(ftruncate(fd, (nint)length));

    public static int ChangeMode(string path, int mode) => (int)Result(chmod(path, mode));

    public static int ChangeOwner(string path, int uid, int gid) => (int)Result(chown(path, uid, gid));

    public static int Touch(string path) => (int)Result(utimensat(-100, path, null, 0));

    public static int Unlink(string path) => (int)Result(unlink(path));

    public static int MakeDirectory(string path) => (int)Result(mkdir(path, 0x1ED));

    public static int Rename(string from, string to) => (int)Result(rename(from, to));

    public static int Link(string from, string to) => (int)Result(link(from, to));

    public static int Symlink(string text, string path) => (int)Result(symlink(text, path));

    public static int Synchronize(int fd) => (int)Result(fsync(fd));

    public static int StatFileSystem(string path)
    {
        byte* result = stackalloc byte[256];
        return (int)Result(statfs(path, result));
    }

    public static long GetXattr(string path, string name) => Result(getxattr(path, name, null, 0));

    /// <summary>What poll(2) says at once about reading and writing.</summary>
    public static int Poll(int fd)
    {
        pollfd[] fds = [new() { fd = fd, events = 1 | 4 }];
        return Kernel.Processes.Poll.Wait(fds, 0) > 0 ? fds[0].revents : 0;
    }

    public static (int Read, int Write) Pipe()
    {
        int* ends = stackalloc int[2];
        Assert.Equal(0, pipe2(ends, 0x80000));
        return (ends[0], ends[1]);
    }

    /// <summary>The bytes of a private mapping, without touching what lies behind the length.</summary>
    // The kernel copies them: a page that cannot be had is EFAULT then, and not the end of all tests (SIGBUS).
    public static byte[] ReadMapping(int fd, int length)
    {
        void* start = mmap(null, (nuint)length, 1, 2, fd, 0);
        Assert.NotEqual(-1, (nint)start);
        using Fd copy = MemoryFile.Create("mapping", []);
        long copied = 0;
        long count = 0;
        while (copied < length && (count = Result(write(copy.Number, (byte*)start + copied, (nuint)(length - copied)))) > 0)
        {
            copied += count;
        }

        munmap(start, (nuint)length);
        Assert.True(copied == length, $"{copied} of {length} bytes could be read, then errno {-count}");
        return MemoryFile.ReadAll(copy, length);
    }

    public static Errno TryMapShared(int fd)
    {
        void* start = mmap(null, 1, 1, 1, fd, 0);
        return (nint)start == -1 ? (Errno)Marshal.GetLastPInvokeError() : Errno.None;
    }

    static long Result(nint result) => result >= 0 ? result : -Marshal.GetLastPInvokeError();
}
