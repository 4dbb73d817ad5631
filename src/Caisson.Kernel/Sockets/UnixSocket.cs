using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Kernel.Sockets;

/// <summary>
/// Stream sockets by path (unix(7)). Paths go through the directory's /proc/self/fd link, as an address has room for 107
/// bytes only and container ids are long.
/// </summary>
public static unsafe partial class UnixSocket
{
    const int AF_UNIX = 1;
    const int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    const int SOCK_SEQPACKET_CLOEXEC = 5 | 0x80000;
    const int SOL_SOCKET = 1;
    const int SCM_RIGHTS = 1;
    const int MSG_NOSIGNAL = 0x4000;

    [StructLayout(LayoutKind.Sequential)]
    struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public void* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    /// <summary>A listener for <see cref="PacketSocket"/>'s messages.</summary>
    public static Fd ListenForPackets(Fd directory, string name) => Listen(Create(SOCK_SEQPACKET_CLOEXEC), directory, name, 64);

    public static Fd Listen(Fd directory, string name) => Listen(Create(SOCK_STREAM_CLOEXEC), directory, name, 1);

    static Fd Listen(Fd listener, Fd directory, string name, int backlog)
    {
        Span<byte> address = stackalloc byte[110];
        int length = Address($"{directory.ProcPath}/{name}", address);
        fixed (byte* start = address)
        {
            if (bind(listener, start, (uint)length) != 0 || listen(listener, backlog) != 0)
            {
                KernelException failure = KernelException.Last("bind", name);
                listener.Dispose();
                throw failure;
            }
        }

        return listener;
    }

    public static Errno TryConnect(string path, out Fd? connection)
    {
        connection = null;
        string parent = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        Errno errno = Files.OpenAt2.TryOpen(Fd.CurrentDirectory, parent, Files.OpenFlags.O_PATH, Files.ResolveFlags.None, 0, out Fd? directory);
        if (errno != Errno.None)
        {
            return errno;
        }

        using (directory)
        {
            return TryConnect(directory!, Path.GetFileName(path), out connection);
        }
    }

    public static Errno TryConnect(Fd directory, string name, out Fd? connection) =>
        TryConnect(Create(SOCK_STREAM_CLOEXEC), directory, name, out connection);

    public static Errno TryConnectForPackets(Fd directory, string name, out Fd? connection) =>
        TryConnect(Create(SOCK_SEQPACKET_CLOEXEC), directory, name, out connection);

    static Errno TryConnect(Fd socket, Fd directory, string name, out Fd? connection)
    {
        Span<byte> address = stackalloc byte[110];
        int length = Address($"{directory.ProcPath}/{name}", address);
        fixed (byte* start = address)
        {
            while (connect(socket, start, (uint)length) != 0)
            {
                Errno errno = (Errno)Marshal.GetLastPInvokeError();
                if (errno == Errno.EINTR)
                {
                    continue;
                }

                socket.Dispose();
                connection = null;
                return errno;
            }
        }

        connection = socket;
        return Errno.None;
    }

    /// <summary>Sends one descriptor with a text, as runc sends a terminal to its console socket.</summary>
    public static void SendDescriptor(Fd connection, Fd descriptor, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        // struct cmsghdr { size_t len; int level; int type; } followed by one int, padded to eight bytes.
        byte* control = stackalloc byte[24];
        *(nuint*)control = 20;
        *(int*)(control + 8) = SOL_SOCKET;
        *(int*)(control + 12) = SCM_RIGHTS;
        *(int*)(control + 16) = descriptor.Number;
        fixed (byte* start = bytes)
        {
            Spawning.iovec part = new() { iov_base = start, iov_len = (nuint)bytes.Length };
            msghdr message = new() { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = 24 };
            if (sendmsg(connection, &message, MSG_NOSIGNAL) < 0)
            {
                throw KernelException.Last("sendmsg", text);
            }
        }

        GC.KeepAlive(descriptor);
    }

    static Fd Create(int type)
    {
        int socket = UnixSocket.socket(AF_UNIX, type, 0);
        return socket >= 0 ? new Fd(socket) : throw KernelException.Last("socket");
    }

    // struct sockaddr_un: a 16-bit family, then the path with its NUL.
    static int Address(string path, Span<byte> address)
    {
        if (Encoding.UTF8.GetByteCount(path) > 107)
        {
            throw new KernelException(Errno.ENAMETOOLONG, "connect", path);
        }

        address.Clear();
        address[0] = AF_UNIX;
        return 3 + Encoding.UTF8.GetBytes(path, address[2..]);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(Fd socket, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(Fd socket, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(Fd socket, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(Fd socket, msghdr* message, int flags);
}
