using Caisson.Kernel;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Monitoring;

/// <summary>One conversation with a running monitor over its control socket: a request with descriptors, an answer.</summary>
public sealed class MonitorControl : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Fd _connection;

    MonitorControl(Fd connection) => _connection = connection;

    /// <summary>Null where nobody serves the socket.</summary>
    public static MonitorControl? TryConnect(Fd stateDirectory)
    {
        if (UnixSocket.TryConnectForPackets(stateDirectory, ContainerMonitor.ControlSocket, out Fd? connection) != Errno.None)
        {
            return null;
        }

        PacketSocket.LimitWait(connection!, Patience);
        return new MonitorControl(connection!);
    }

    /// <summary>
    /// Whether somebody serves the socket. Whoever needs time until it has something to say must not be connected meanwhile: the
    /// monitor would wait for it.
    /// </summary>
    public static bool IsServed(Fd stateDirectory)
    {
        using MonitorControl? control = TryConnect(stateDirectory);
        return control is not null;
    }

    /// <summary>False where the monitor ended or does not answer in time.</summary>
    public bool TryRequest(MonitorMessage request, ReadOnlySpan<Fd> descriptors, List<Fd>? answered = null)
    {
        Span<byte> answer = stackalloc byte[1];
        if (PacketSocket.TrySend(_connection, [(byte)request], descriptors) != Errno.None)
        {
            return false;
        }

        List<Fd> received = answered ?? [];
        // Descriptors that do not fit into one message come in several; the last one is Done.
        while (PacketSocket.Receive(_connection, answer, received) == 1)
        {
            if ((MonitorMessage)answer[0] == MonitorMessage.Done)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _connection.Dispose();
}
