using System.Buffers.Binary;
using System.Text;
using Caisson.Containers.Monitoring;
using Caisson.Emulation.Syscalls;
using Caisson.Kernel;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Sockets;

namespace Caisson.Cli.Monitor;

/// <summary>
/// How a worker, which has threads and so must not clone, gets a procfs before Linux 6.17: it asks its holder, which has one
/// thread. The answer comes over a socket of its own.
/// </summary>
static class ProcRequest
{
    const int AttributesSize = sizeof(ulong);

    // What mount(2) takes: a page.
    public const int MaxSize = 1 + AttributesSize + 4096;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Fd? Ask(Fd holder, Fd pidNamespace, Fd mountNamespace, string options, MountAttributes attributes)
    {
        using SocketPair pair = SocketPair.Create();
        PacketSocket.LimitWait(pair.Ours, Patience);
        byte[] request = new byte[1 + AttributesSize + Encoding.UTF8.GetByteCount(options)];
        request[0] = (byte)MonitorMessage.MakeProc;
        BinaryPrimitives.WriteUInt64LittleEndian(request.AsSpan(1), (ulong)attributes);
        Encoding.UTF8.GetBytes(options, request.AsSpan(1 + AttributesSize));
        if (request.Length > MaxSize || PacketSocket.TrySend(holder, request, pidNamespace, mountNamespace, pair.Childs) != Errno.None)
        {
            return null;
        }

        pair.Childs.Dispose();
        List<Fd> received = [];
        return PacketSocket.Receive(pair.Ours, stackalloc byte[1], received) == 1 && received.Count == 1 ? received[0] : null;
    }

    /// <summary>By the holder; closing the socket without an answer says no.</summary>
    public static void Answer(ReadOnlySpan<byte> request, List<Fd> descriptors)
    {
        using Fd pidNamespace = descriptors[0];
        using Fd mountNamespace = descriptors[1];
        using Fd reply = descriptors[2];
        MountAttributes attributes = (MountAttributes)BinaryPrimitives.ReadUInt64LittleEndian(request[1..]);
        string options = Encoding.UTF8.GetString(request[(1 + AttributesSize)..]);
        try
        {
            using Fd mount = ProcMount.CreateInside(pidNamespace, MountData.Parse(options), attributes, mountNamespace);
            PacketSocket.TrySend(reply, [(byte)MonitorMessage.Done], mount);
        }
        catch (KernelException failure)
        {
            MonitorLog.Write($"procfs: {failure.Message}, left to the kernel");
        }
    }
}
