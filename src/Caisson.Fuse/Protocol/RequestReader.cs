using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Caisson.Fuse.Protocol;

/// <summary>One request: its header and what follows. Nothing in it is taken for granted, no length least of all.</summary>
readonly ref struct RequestReader
{
    readonly ReadOnlySpan<byte> _body;

    RequestReader(fuse_in_header header, bool isWhole, ReadOnlySpan<byte> body)
    {
        Header = header;
        IsWhole = isWhole;
        _body = body;
    }

    public fuse_in_header Header { get; }

    /// <summary>There are as many bytes as the header says.</summary>
    public bool IsWhole { get; }

    public int BodyLength => _body.Length;

    /// <summary>False where there is no header that tells whom to answer.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out RequestReader request)
    {
        request = default;
        if (!MemoryMarshal.TryRead(bytes, out fuse_in_header header) || header.unique == 0)
        {
            return false;
        }

        bool isWhole = header.len == bytes.Length;
        request = new RequestReader(header, isWhole, isWhole ? bytes[Unsafe.SizeOf<fuse_in_header>()..] : []);
        return true;
    }

    /// <summary>The operation's struct; the dispatcher has seen to it that there are enough bytes.</summary>
    public T Input<T>() where T : unmanaged => MemoryMarshal.Read<T>(_body);

    /// <summary>What follows the operation's struct.</summary>
    public ReadOnlySpan<byte> After<T>() where T : unmanaged => _body[Unsafe.SizeOf<T>()..];

    /// <summary>A request that is a name: empty where no NUL ends it.</summary>
    public ReadOnlySpan<byte> Name()
    {
        int end = _body.IndexOf((byte)0);
        return end < 0 ? [] : _body[..end];
    }
}
