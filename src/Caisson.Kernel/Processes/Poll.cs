using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>struct pollfd of poll.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct pollfd
{
    public int fd;
    public short events;
    public short revents;
}

/// <summary>poll(2): waiting for one of several descriptors.</summary>
public static unsafe partial class Poll
{
    public const short POLLIN = 1;
    public const short POLLPRI = 2;
    public const short POLLOUT = 4;
    public const short POLLHUP = 16;

    /// <summary>Fills in <c>revents</c>; returns how many are ready, 0 after the time in milliseconds (-1: no limit).</summary>
    public static int Wait(Span<pollfd> fds, int milliseconds)
    {
        fixed (pollfd* start = fds)
        {
            while (true)
            {
                int ready = poll(start, (nuint)fds.Length, milliseconds);
                if (ready >= 0)
                {
                    return ready;
                }

                if (Marshal.GetLastPInvokeError() != (int)Errno.EINTR)
                {
                    throw KernelException.Last("poll");
                }
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(pollfd* fds, nuint count, int timeout);
}
