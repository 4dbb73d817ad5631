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
    const int NLMSG_DONE = 3;
    const int HeaderSize = 16;
    const int AnswerSize = 32 * 1024;

    readonly Fd _socket;

    /// <param name="protocol">NETLINK_*.</param>
    public NetlinkSocket(int protocol)
    {
        int result = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        _socket = result >= 0 ? new Fd(result) : throw KernelException.Last("socket AF_NETLINK", protocol.ToString());
    }

    /// <summary>
    /// Sends messages and reads what became of them. The kernel has done it when the sending returns, and its answers are there, or made while
    /// they are read.
    /// </summary>
    /// <param name="batch">With at least one message.</param>
    /// <param name="each">Gets the type of each other answer, and what follows its header.</param>
    /// <returns>Its first refusal.</returns>
    public Errno TrySend(NetlinkBatch batch, NetlinkAnswer? each = null)
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
        byte* answer = stackalloc byte[AnswerSize];
        nint length;
        while ((length = recv(_socket, answer, AnswerSize, MSG_DONTWAIT)) > 0)
        {
            Errno errno = Read(new ReadOnlySpan<byte>(answer, (int)length), each);
            first = first == Errno.None ? errno : first;
        }

        return first;
    }

    public void Dispose() => _socket.Dispose();

    static Errno Read(ReadOnlySpan<byte> answers, NetlinkAnswer? each)
    {
        while (answers.Length >= HeaderSize + sizeof(int))
        {
            int size = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(answers), HeaderSize, answers.Length);
            int type = BinaryPrimitives.ReadUInt16LittleEndian(answers[4..]);
            if (type == NLMSG_ERROR)
            {
                int error = -BinaryPrimitives.ReadInt32LittleEndian(answers[HeaderSize..]);
                if (error != 0)
                {
                    return (Errno)error;
                }
            }
            else if (type != NLMSG_DONE)
            {
                each?.Invoke(type, answers[HeaderSize..size]);
            }

            answers = answers[Math.Min((size + 3) & ~3, answers.Length)..];
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

/// <summary>Takes an answer of the kernel's: its type, and what follows its header.</summary>
public delegate void NetlinkAnswer(int type, ReadOnlySpan<byte> body);
