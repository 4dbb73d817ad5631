using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>epoll(7), to which one thread may add while another waits; a descriptor's own number tells which one is ready.</summary>
public static unsafe partial class Epoll
{
    const int EPOLL_CLOEXEC = 0x80000;
    const int EPOLL_CTL_ADD = 1;
    const int EPOLL_CTL_DEL = 2;
    const uint EPOLLIN = 1;
    const uint EPOLLERR = 8;
    const uint EPOLLHUP = 16;

    public static Fd Open()
    {
        int result = epoll_create1(EPOLL_CLOEXEC);
        return result >= 0 ? new Fd(result) : throw KernelException.Last("epoll_create1");
    }

    /// <summary>Watches a descriptor for input. Closing it does not end that where another process has the same open file.</summary>
    public static void Add(Fd epoll, int fd)
    {
        // struct epoll_event is packed on x86-64: 32 bits of events, then 64 of data; elsewhere the data is aligned.
        uint* one = stackalloc uint[4];
        Write(one, EPOLLIN, fd);
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, one) != 0)
        {
            throw KernelException.Last("epoll_ctl");
        }
    }

    public static void Remove(Fd epoll, int fd)
    {
        uint* one = stackalloc uint[4];
        _ = epoll_ctl(epoll, EPOLL_CTL_DEL, fd, one);
    }

    /// <summary>Blocks until one descriptor is ready; whether its other side is gone for good.</summary>
    public static int Wait(Fd epoll, out bool isGone)
    {
        uint* one = stackalloc uint[4];
        while (epoll_wait(epoll, one, 1, -1) != 1)
        {
            if (Marshal.GetLastPInvokeError() != (int)Errno.EINTR)
            {
                throw KernelException.Last("epoll_wait");
            }
        }

        isGone = (one[0] & EPOLLIN) == 0 && (one[0] & (EPOLLHUP | EPOLLERR)) != 0;
        return (int)one[DataIndex];
    }

    static int DataIndex => System.Runtime.Intrinsics.X86.X86Base.IsSupported ? 1 : 2;

    static void Write(uint* one, uint events, int fd)
    {
        new Span<uint>(one, 4).Clear();
        one[0] = events;
        one[DataIndex] = (uint)fd;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(Fd epoll, int operation, int fd, void* one);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(Fd epoll, void* events, int count, int timeout);
}
