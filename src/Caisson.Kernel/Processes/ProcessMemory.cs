using System.Runtime.InteropServices;
using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Processes;

/// <summary>
/// Memory of another process: process_vm_readv(2), process_vm_writev(2). Whoever owns it may change it at any time, so it is
/// read once and into a copy.
/// </summary>
public static unsafe partial class ProcessMemory
{
    const int PageSize = 4096;

    /// <summary>
    /// Reads a NUL-terminated string of at most the buffer's size; its length without the NUL, or -1 where it is not readable
    /// or not that short. Page by page, as a string may end just before memory that is not mapped.
    /// </summary>
    public static int TryReadString(int pid, ulong address, Span<byte> buffer)
    {
        int length = 0;
        while (length < buffer.Length)
        {
            ulong at = address + (ulong)length;
            int count = Math.Min(PageSize - (int)(at % PageSize), buffer.Length - length);
            if (TryRead(pid, at, buffer.Slice(length, count)) != count)
            {
                return -1;
            }

            int end = buffer.Slice(length, count).IndexOf((byte)0);
            if (end >= 0)
            {
                return length + end;
            }

            length += count;
        }

        return -1;
    }

    /// <summary>How many bytes were read; -1 where the address is not readable or the process is gone.</summary>
    public static int TryRead(int pid, ulong address, Span<byte> into)
    {
        fixed (byte* start = into)
        {
            iovec local = new() { iov_base = start, iov_len = (nuint)into.Length };
            iovec remote = new() { iov_base = (byte*)address, iov_len = (nuint)into.Length };
            return (int)process_vm_readv(pid, &local, 1, &remote, 1, 0);
        }
    }

    /// <summary>True when all bytes were written.</summary>
    public static bool TryWrite(int pid, ulong address, ReadOnlySpan<byte> from)
    {
        fixed (byte* start = from)
        {
            iovec local = new() { iov_base = start, iov_len = (nuint)from.Length };
            iovec remote = new() { iov_base = (byte*)address, iov_len = (nuint)from.Length };
            return process_vm_writev(pid, &local, 1, &remote, 1, 0) == from.Length;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint process_vm_readv(int pid, iovec* local, nuint localCount, iovec* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint process_vm_writev(int pid, iovec* local, nuint localCount, iovec* remote, nuint remoteCount, nuint flags);
}
