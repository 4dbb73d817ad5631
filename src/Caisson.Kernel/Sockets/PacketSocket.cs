using System.Runtime.InteropServices;
using Caisson.Kernel.Spawning;

namespace Caisson.Kernel.Sockets;

/// <summary>
/// Messages with descriptors over connected SOCK_SEQPACKET sockets: each message arrives whole, and its descriptors with it
/// (SCM_RIGHTS of unix(7)).
/// </summary>
public static unsafe partial class PacketSocket
{
    /// <summary>How many descriptors one message can carry here; the kernel's own limit (SCM_MAX_FD) is 253.</summary>
    public const int MaxDescriptors = 16;

    const int SOL_SOCKET = 1;
    const int SCM_RIGHTS = 1;
    const int SO_RCVTIMEO = 20;
    const int MSG_NOSIGNAL = 0x4000;
    const int MSG_CMSG_CLOEXEC = 0x40000000;
    const int SOCK_CLOEXEC = 0x80000;
    const int HeaderSize = 16;

    [StructLayout(LayoutKind.Sequential)]
    struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    public static Errno TrySend(Fd socket, ReadOnlySpan<byte> message, params ReadOnlySpan<Fd> descriptors)
    {
        byte* control = stackalloc byte[HeaderSize + (MaxDescriptors * sizeof(int))];
        int size = HeaderSize + (descriptors.Length * sizeof(int));
        *(nuint*)control = (nuint)size;
        *(int*)(control + 8) = SOL_SOCKET;
        *(int*)(control + 12) = SCM_RIGHTS;
        for (int i = 0; i < descriptors.Length; i++)
        {
            ((int*)(control + HeaderSize))[i] = descriptors[i].Number;
        }

        fixed (byte* start = message)
        {
            iovec part = new() { iov_base = start, iov_len = (nuint)message.Length };
            msghdr header = new() { msg_iov = &part, msg_iovlen = 1 };
            if (descriptors.Length > 0)
            {
                header.msg_control = control;
                header.msg_controllen = (nuint)((size + 7) & ~7);
            }

            while (sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
            {
                if (Marshal.GetLastPInvokeError() != (int)Errno.EINTR)
                {
                    return (Errno)Marshal.GetLastPInvokeError();
                }
            }
        }

        foreach (Fd descriptor in descriptors)
        {
            GC.KeepAlive(descriptor);
        }

        return Errno.None;
    }

    /// <summary>The message's length; 0 when the other side is gone, -1 when the time of <see cref="LimitWait"/> has passed.</summary>
    public static int Receive(Fd socket, Span<byte> message, List<Fd> descriptors)
    {
        byte* control = stackalloc byte[HeaderSize + (MaxDescriptors * sizeof(int))];
        fixed (byte* start = message)
        {
            iovec part = new() { iov_base = start, iov_len = (nuint)message.Length };
            msghdr header = new()
            {
                msg_iov = &part,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = HeaderSize + (MaxDescriptors * sizeof(int)),
            };
            nint count;
            while ((count = recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0)
            {
                switch ((Errno)Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR:
                        continue;
                    case Errno.EAGAIN:
                        return -1;
                    case Errno.ECONNRESET:
                        return 0;
                    default:
                        throw KernelException.Last("recvmsg");
                }
            }

            if (header.msg_controllen >= HeaderSize && *(int*)(control + 12) == SCM_RIGHTS)
            {
                int number = ((int)*(nuint*)control - HeaderSize) / sizeof(int);
                for (int i = 0; i < number; i++)
                {
                    descriptors.Add(new Fd(((int*)(control + HeaderSize))[i]));
                }
            }

            return (int)count;
        }
    }

    /// <summary>No receive on this socket takes longer.</summary>
    public static void LimitWait(Fd socket, TimeSpan limit)
    {
        long* time = stackalloc long[2];
        time[0] = limit.Ticks / TimeSpan.TicksPerSecond;
        time[1] = limit.Ticks % TimeSpan.TicksPerSecond / 10;
        if (setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, time, 16) != 0)
        {
            throw KernelException.Last("setsockopt SO_RCVTIMEO");
        }
    }

    /// <summary>The next connection of a listener that poll(2) showed ready; null where it is gone already.</summary>
    public static Fd? TryAccept(Fd listener)
    {
        int result = accept4(listener, null, null, SOCK_CLOEXEC);
        return result >= 0 ? new Fd(result) : null;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(Fd socket, msghdr* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(Fd socket, msghdr* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(Fd socket, int level, int option, void* value, uint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(Fd socket, void* address, void* length, int flags);
}
