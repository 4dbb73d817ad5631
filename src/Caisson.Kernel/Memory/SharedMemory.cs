using System.Runtime.InteropServices;

namespace Caisson.Kernel.Memory;

/// <summary>
/// A file mapped shared: what one process writes outlives it and is seen by the next that maps it. Never unmapped before the
/// process ends, so that spans of it stay good.
/// </summary>
public sealed unsafe partial class SharedMemory
{
    const int PROT_READ_WRITE = 3;
    const int MAP_SHARED = 1;
    const int MADV_POPULATE_WRITE = 23;

    readonly byte* _start;

    SharedMemory(byte* start, int size)
    {
        _start = start;
        Size = size;
    }

    public int Size { get; }

    /// <summary>Maps the file's first bytes, growing it to that size.</summary>
    public static SharedMemory Map(Fd file, int size, string subject)
    {
        if (ftruncate(file, size) != 0)
        {
            throw KernelException.Last("ftruncate", subject);
        }

        void* start = mmap(null, (nuint)size, PROT_READ_WRITE, MAP_SHARED, file, 0);
        return (nint)start != -1 ? new SharedMemory((byte*)start, size) : throw KernelException.Last("mmap", subject);
    }

    /// <summary>A part of it.</summary>
    public Span<byte> Slice(int offset, int length)
    {
        // SAFETY: within the mapping, which is never unmapped.
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, Size);
        return new Span<byte>(_start + offset, length);
    }

    /// <summary>A number in it, for <see cref="Volatile"/> and <see cref="Interlocked"/>; aligned as the caller's layout has it.</summary>
    public ref T At<T>(int offset) where T : unmanaged => ref MemoryMarshal.AsRef<T>(Slice(offset, sizeof(T)));

    /// <summary>Keeps a part of it in memory, where the limit allows that (RLIMIT_MEMLOCK).</summary>
    public Errno TryLock(int offset, int length)
    {
        fixed (byte* start = Slice(offset, length))
        {
            return mlock(start, (nuint)length) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Makes a part of it present, so that writing there cannot fail (MADV_POPULATE_WRITE, since Linux 5.14).</summary>
    public Errno TryPopulate(int offset, int length)
    {
        // SAFETY: Slice has checked the bounds; the page that the part begins in is part of the mapping, which is never unmapped.
        byte* first = _start + (offset & ~(Environment.SystemPageSize - 1));
        fixed (byte* start = Slice(offset, length))
        {
            return madvise(first, (nuint)(start + length - first), MADV_POPULATE_WRITE) == 0
                ? Errno.None
                : (Errno)Marshal.GetLastPInvokeError();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(void* address, nuint size, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlock(void* address, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(Fd file, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint size, int protection, int flags, Fd file, nint offset);
}
