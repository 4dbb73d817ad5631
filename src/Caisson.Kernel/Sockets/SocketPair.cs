using System.Runtime.InteropServices;

namespace Caisson.Kernel.Sockets;

/// <summary>Two connected sockets that keep message boundaries (SOCK_SEQPACKET): one for us, one for a child.</summary>
public sealed unsafe partial class SocketPair : IDisposable
{
    const int AF_UNIX = 1;
    const int SOCK_SEQPACKET_CLOEXEC = 5 | 0x80000;
    const int MSG_NOSIGNAL = 0x4000;

    SocketPair(Fd ours, Fd childs)
    {
        Ours = ours;
        Childs = childs;
    }

    public Fd Ours { get; }

    public Fd Childs { get; }

    public static SocketPair Create()
    {
        int* pair = stackalloc int[2];
        return socketpair(AF_UNIX, SOCK_SEQPACKET_CLOEXEC, 0, pair) == 0
            ? new SocketPair(new Fd(pair[0]), new Fd(pair[1]))
            : throw KernelException.Last("socketpair");
    }

    /// <summary>Waits for one byte; false when the other side is gone.</summary>
    public bool Wait()
    {
        byte one;
        while (true)
        {
            nint count = recv(Ours, &one, 1, 0);
            if (count >= 0)
            {
                return count == 1;
            }

            switch ((Errno)Marshal.GetLastPInvokeError())
            {
                case Errno.EINTR:
                    continue;
                case Errno.ECONNRESET:
                    return false;
                default:
                    throw KernelException.Last("recv");
            }
        }
    }

    /// <summary>Writes one byte; false when the other side is gone.</summary>
    public bool Tell()
    {
        byte one = (byte)'.';
        return send(Ours, &one, 1, MSG_NOSIGNAL) == 1;
    }

    public void Dispose()
    {
        Ours.Dispose();
        Childs.Dispose();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, int* pair);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(Fd socket, void* buffer, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(Fd socket, void* buffer, nuint size, int flags);
}
