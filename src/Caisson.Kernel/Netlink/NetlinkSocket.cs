using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Caisson.Kernel.Netlink;

/// <summary>A socket to the kernel's networking (netlink(7)), of the network namespace in which the calling thread stood.</summary>
public sealed unsafe partial class NetlinkSocket : IDisposable
{
    const int AF_NETLINK = 16;
    const int SOCK_RAW = 3;
    const int SOCK_CLOEXEC = 0x80000;
    const int MSG_DONTWAIT = 0x40;
    const int NLMSG_ERROR = 2;
    const int HeaderSize = 16;

    readonly Fd _socket;

    /// <param name="protocol">NETLINK_*.</param>
    public NetlinkSocket(int protocol)
    {
        int result = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        _socket = result >= 0 ? new Fd(result) : throw KernelException.Last("socket AF_NETLINK", protocol.ToString());
    }

    /// <summary>Sends messages and reads what became of them. The kernel has done it, and answered, when the sending returns.</summary>
    /// <returns>Its first refusal.</returns>
    public Errno TrySend(NetlinkBatch batch)
    {
        batch.End();
        // No address: it goes to the kernel.
        fixed (byte* start = batch.Bytes)
        {
            if (send(_socket, start, (nuint)batch.Bytes.Length, 0) < 0)
            {
                return (Errno)Marshal.GetLastPInvokeError();
            }
        }

        Errno first = Errno.None;
        byte* answer = stackalloc byte[8192];
        nint length;
        while ((length = recv(_socket, answer, 8192, MSG_DONTWAIT)) > 0)
        {
            Errno errno = FirstError(new ReadOnlySpan<byte>(answer, (int)length));
            first = first == Errno.None ? errno : first;
        }

        return first;
    }

    public void Dispose() => _socket.Dispose();

    static Errno FirstError(ReadOnlySpan<byte> answers)
    {
        while (answers.Length >= HeaderSize + sizeof(int))
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(answers);
            int error = -BinaryPrimitives.ReadInt32LittleEndian(answers[HeaderSize..]);
            if (BinaryPrimitives.ReadUInt16LittleEndian(answers[4..]) == NLMSG_ERROR && error != 0)
            {
                return (Errno)error;
            }

            answers = answers[Math.Clamp((size + 3) & ~3, HeaderSize, answers.Length)..];
        }

        return Errno.None;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(Fd socket, byte* data, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(Fd socket, byte* data, nuint size, int flags);
}
