using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Sockets;

namespace Caisson.Containers.Systemd;

/// <summary>
/// A connection to a D-Bus peer over a Unix socket: method calls one after the other, and the signals that come in between. No
/// wait is longer than <see cref="Patience"/>.
/// </summary>
public sealed class BusConnection : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    const int LongestAnswer = 512;

    readonly Fd _socket;
    readonly Queue<BusMessage> _signals = [];
    uint _serial;
    bool _isAuthenticated;

    BusConnection(Fd socket)
    {
        _socket = socket;
        PacketSocket.LimitWait(socket, Patience);
    }

    public static Errno TryConnect(string path, out BusConnection? connection)
    {
        Errno errno = UnixSocket.TryConnect(path, out Fd? socket);
        connection = errno == Errno.None ? new BusConnection(socket!) : null;
        return errno;
    }

    /// <summary>Calls a method and waits for its answer; an error of the other side is a <see cref="BusException"/>.</summary>
    public BusMessage Call(string destination, string path, string @interface, string member, string signature = "", BusWriter? body = null)
    {
        Authenticate();
        Send(BusMessage.WriteCall(++_serial, destination, path, @interface, member, signature, body is null ? [] : body.Bytes));
        while (true)
        {
            BusMessage answer = ReadMessage(member);
            if (answer.Type == BusMessage.Signal)
            {
                _signals.Enqueue(answer);
            }
            else if (answer.ReplySerial == _serial)
            {
                return answer.Type == BusMessage.Error ? throw new BusException(answer.ErrorName, answer.ErrorText) : answer;
            }
        }
    }

    /// <summary>The next signal of that name.</summary>
    public BusMessage WaitForSignal(string member)
    {
        while (true)
        {
            BusMessage message = _signals.TryDequeue(out BusMessage? kept) ? kept : ReadMessage(member);
            if (message.Type == BusMessage.Signal && message.Member == member)
            {
                return message;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    // Who we are, the other side is to take from the kernel (SO_PEERCRED). A call sent together with this systemd would not look
    // at before the next one.
    void Authenticate()
    {
        if (_isAuthenticated)
        {
            return;
        }

        Send("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"u8);
        if (ReadLine() != "DATA" || !ReadLine().StartsWith("OK ", StringComparison.Ordinal))
        {
            throw new BusException("authentication failed", "we are not taken for who we are");
        }

        _isAuthenticated = true;
    }

    void Send(ReadOnlySpan<byte> bytes)
    {
        Errno errno = PacketSocket.TrySend(_socket, bytes);
        if (errno != Errno.None)
        {
            throw new BusException("connection broken", errno.Describe());
        }
    }

    string ReadLine()
    {
        List<byte> line = [];
        Span<byte> one = stackalloc byte[1];
        do
        {
            Fill(one, "AUTH");
            line.Add(one[0]);
        }
        while (one[0] != '\n' && line.Count < LongestAnswer);

        return Encoding.ASCII.GetString([.. line]).TrimEnd();
    }

    BusMessage ReadMessage(string awaited)
    {
        try
        {
            byte[] start = new byte[BusMessage.FixedSize];
            Fill(start, awaited);
            byte[] message = new byte[BusMessage.SizeOf(start)];
            start.CopyTo(message, 0);
            Fill(message.AsSpan(start.Length), awaited);
            return BusMessage.Read(message);
        }
        catch (InvalidDataException failure)
        {
            throw new BusException("answer not understood", failure.Message);
        }
    }

    void Fill(Span<byte> buffer, string awaited)
    {
        while (buffer.Length > 0)
        {
            int count = PacketSocket.Receive(_socket, buffer, []);
            if (count <= 0)
            {
                throw new BusException(count == 0 ? "connection closed" : $"no answer in {Patience.TotalSeconds} s", awaited);
            }

            buffer = buffer[count..];
        }
    }
}
