using System.Runtime.InteropServices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Devices;

/// <summary>/dev/fuse: a read gives one request of the kernel's, a write is one answer or one notification.</summary>
public static unsafe partial class FuseDevice
{
    public static Fd Open() => OpenAt2.Open("/dev/fuse", OpenFlags.O_RDWR);

    /// <summary>
    /// Blocks until there is a request. The bytes go from the kernel into <paramref name="buffer"/> and nowhere else before:
    /// where that memory outlives this process, so does the request.
    /// </summary>
    public static Errno Read(Fd device, Span<byte> buffer, out int count)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint result = read(device, start, (nuint)buffer.Length);
                count = (int)Math.Max(result, 0);
                if (result >= 0)
                {
                    return Errno.None;
                }

                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno == Errno.EAGAIN)
                {
                    // Somebody made the device non-blocking.
                    Poll.Wait([new pollfd { fd = device.Number, events = Poll.POLLIN }], -1);
                }
                else if (errno != Errno.EINTR)
                {
                    return errno;
                }
            }
        }
    }

    /// <summary>One message in two parts, the second of which may be empty.</summary>
    public static Errno Write(Fd device, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        fixed (byte* headStart = head, restStart = rest)
        {
            iovec* parts = stackalloc iovec[2];
            parts[0] = new iovec { iov_base = headStart, iov_len = (nuint)head.Length };
            parts[1] = new iovec { iov_base = restStart, iov_len = (nuint)rest.Length };
            while (true)
            {
                if (writev(device, parts, rest.IsEmpty ? 1 : 2) >= 0)
                {
                    return Errno.None;
                }

                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                {
                    return errno;
                }
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(Fd device, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint writev(Fd device, iovec* parts, int count);
}
