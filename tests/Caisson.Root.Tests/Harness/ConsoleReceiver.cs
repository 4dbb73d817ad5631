using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Caisson.Root.Tests.Harness;

/// <summary>What an engine is to <c>--console-socket</c>: listens, and takes the terminal's master out of one message.</summary>
sealed partial class ConsoleReceiver : IDisposable
{
    const ulong TIOCGWINSZ = 0x5413;

    readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly StringBuilder _read = new();
    SafeFileHandle? _master;
    FileStream? _stream;
    Thread? _reader;

    public ConsoleReceiver(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
    }

    /// <summary>All that was written to the terminal until now.</summary>
    public string Text
    {
        get
        {
            lock (_read)
            {
                return _read.ToString();
            }
        }
    }

    /// <summary>Takes the master; from now on <see cref="Text"/> grows.</summary>
    public void Accept()
    {
        Assert.True(_listener.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead), "nobody connects to the console socket");
        using Socket connection = _listener.Accept();
        _master = new SafeFileHandle(ReceiveDescriptor((int)connection.Handle), ownsHandle: true);
        _stream = new FileStream(_master, FileAccess.ReadWrite, bufferSize: 0);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public void Write(string text) => _stream!.Write(Encoding.UTF8.GetBytes(text));

    public (int Rows, int Columns) Size()
    {
        Span<ushort> size = stackalloc ushort[4];
        Assert.Equal(0, ioctl(_master!, TIOCGWINSZ, ref MemoryMarshal.GetReference(size)));
        return (size[0], size[1]);
    }

    public void Dispose()
    {
        _listener.Dispose();
        // The reader ends by itself: the last slave's close makes its read fail.
        _reader?.Join(TimeSpan.FromSeconds(5));
        _stream?.Dispose();
    }

    void Read()
    {
        byte[] buffer = new byte[4096];
        try
        {
            for (int count; (count = _stream!.Read(buffer)) > 0;)
            {
                lock (_read)
                {
                    _read.Append(Encoding.UTF8.GetString(buffer, 0, count));
                }
            }
        }
        catch (IOException)
        {
            // EIO: the container has ended.
        }
    }

    static unsafe int ReceiveDescriptor(int socket)
    {
        byte* text = stackalloc byte[256];
        byte* control = stackalloc byte[64];
        Vector part = new() { Base = text, Length = 256 };
        Message message = new() { Parts = &part, PartCount = 1, Control = control, ControlLength = 64 };
        Assert.True(recvmsg(socket, &message, 0) > 0, "the message is empty");
        // One control message: length, SOL_SOCKET, SCM_RIGHTS, the descriptor.
        Assert.Equal((20UL, 1, 1), (*(ulong*)control, *(int*)(control + 8), *(int*)(control + 12)));
        return *(int*)(control + 16);
    }

    struct Vector
    {
        public unsafe byte* Base;
        public nuint Length;
    }

    struct Message
    {
        public unsafe void* Name;
        public uint NameLength;
        public unsafe Vector* Parts;
        public nuint PartCount;
        public unsafe void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint recvmsg(int socket, Message* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle file, ulong request, ref ushort size);
}
