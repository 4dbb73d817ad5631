using System.Net.WebSockets;
using System.Text;

namespace Caisson.Root.Tests.Engines.Cri;

/// <summary>
/// The streams of a process in a pod as kubectl has them: a WebSocket whose messages begin with the stream's number
/// (v4.channel.k8s.io), at the address that containerd gave for it.
/// </summary>
sealed class CriStream : IDisposable
{
    const byte Input = 0;
    const byte Resize = 4;

    readonly ClientWebSocket _socket = new();
    readonly StringBuilder _seen = new();

    /// <param name="engine">Whose network the address is in.</param>
    /// <param name="url">As containerd gave it.</param>
    public CriStream(ContainerdEngine engine, string url)
    {
        Uri address = new(url);
        int pid = int.Parse(File.ReadAllText($"{engine.Place}/containerd.pid"));
        using HttpMessageInvoker invoker = new(new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => ValueTask.FromResult(NetworkSocket.Connect(pid, address.Port)),
        });
        _socket.Options.AddSubProtocol("v4.channel.k8s.io");
        Await(_socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, invoker, Bounded()));
    }

    public void Type(string text) => Send(Input, text);

    public void SetSize(int rows, int columns) => Send(Resize, $"{{\"Width\":{columns},\"Height\":{rows}}}");

    /// <summary>All that was seen, once it contains a text.</summary>
    public string Until(string text)
    {
        while (!_seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Receive(), $"the stream ended without \"{text}\": {_seen}");
        }

        return _seen.ToString();
    }

    /// <summary>All that was seen, once the stream has ended.</summary>
    public string ToEnd()
    {
        while (Receive())
        {
        }

        return _seen.ToString();
    }

    public void Dispose() => _socket.Dispose();

    bool Receive()
    {
        byte[] buffer = new byte[65536];
        WebSocketReceiveResult result = Await(_socket.ReceiveAsync(new ArraySegment<byte>(buffer), Bounded()));
        if (result.MessageType == WebSocketMessageType.Close)
        {
            return false;
        }

        _seen.Append(Encoding.UTF8.GetString(buffer, 1, Math.Max(0, result.Count - 1)));
        return true;
    }

    void Send(byte stream, string text)
    {
        byte[] message = [stream, .. Encoding.UTF8.GetBytes(text)];
        Await(_socket.SendAsync(new ArraySegment<byte>(message), WebSocketMessageType.Binary, endOfMessage: true, Bounded()));
    }

    static CancellationToken Bounded() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    static T Await<T>(Task<T> task) => task.GetAwaiter().GetResult();

    static void Await(Task task) => task.GetAwaiter().GetResult();
}
