using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Kernel;

namespace Caisson.Fuse.Protocol;

/// <summary>The one answer that is being written, in memory that is used again for the next.</summary>
sealed class ReplyWriter(FuseMemory memory, Transmit transmit)
{
    readonly byte[] _head = new byte[16 * 1024];
    int _length;
    int _contentStart;
    int _contentLength;

    /// <summary>How many bytes <see cref="Write{T}"/> still takes.</summary>
    public int Room => _head.Length - _length;

    public int Length => _length - Unsafe.SizeOf<fuse_out_header>();

    public void Begin()
    {
        _length = Unsafe.SizeOf<fuse_out_header>();
        _contentLength = 0;
    }

    public void Write<T>(in T value) where T : unmanaged
    {
        MemoryMarshal.Write(_head.AsSpan(_length), value);
        _length += Unsafe.SizeOf<T>();
    }

    /// <summary>Bytes, and zeros up to the next multiple of eight.</summary>
    public void WritePadded(ReadOnlySpan<byte> bytes)
    {
        int padded = (bytes.Length + 7) & ~7;
        Span<byte> room = _head.AsSpan(_length, padded);
        bytes.CopyTo(room);
        room[bytes.Length..].Clear();
        _length += padded;
    }

    /// <summary>Ends the answer with a part of a content, which is not copied and must stay where it is until it is sent.</summary>
    public void WriteContent(int start, int count)
    {
        _contentStart = start;
        _contentLength = count;
    }

    /// <summary>An errno goes alone: what has been written is dropped.</summary>
    public Errno Send(ulong unique, Errno errno)
    {
        if (errno != Errno.None)
        {
            Begin();
        }

        fuse_out_header header = new() { len = (uint)(_length + _contentLength), error = -(int)errno, unique = unique };
        MemoryMarshal.Write(_head, header);
        return transmit(_head.AsSpan(0, _length), memory.Content(_contentStart, _contentLength));
    }
}
