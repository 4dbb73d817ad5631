using System.Buffers.Binary;
using System.Text;

namespace Caisson.Kernel.Netlink;

/// <summary>
/// Messages for a <see cref="NetlinkSocket"/>, as netlink(7) lays them out: struct nlmsghdr, a header of the family's, attributes. All
/// parts are padded to four bytes.
/// </summary>
public sealed class NetlinkBatch
{
    const ushort NLM_F_REQUEST = 1;
    const ushort NLM_F_ACK = 4;
    const ushort NLA_F_NESTED = 1 << 15;
    const int HeaderSize = 16;

    byte[] _bytes = new byte[1024];
    int _length;
    int _message;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Begins a message, which the next one or <see cref="End"/> ends.</summary>
    /// <param name="type">Of the family's.</param>
    /// <param name="flags">NLM_F_* besides the request's own.</param>
    /// <param name="isAnswered">The kernel says how it went.</param>
    /// <param name="header">The family's.</param>
    public void Begin(int type, ushort flags, bool isAnswered, params ReadOnlySpan<byte> header)
    {
        End();
        _message = _length;
        Span<byte> head = Take(HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)(flags | NLM_F_REQUEST | (isAnswered ? NLM_F_ACK : 0)));
        header.CopyTo(Take(header.Length));
    }

    public void End()
    {
        if (_length > _message)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_message), _length - _message);
            _message = _length;
        }
    }

    public void Add(ushort attribute, params ReadOnlySpan<byte> value)
    {
        int start = Start(attribute);
        value.CopyTo(Take(value.Length));
        SetLength(start, sizeof(int) + value.Length);
    }

    /// <summary>With its NUL.</summary>
    public void Add(ushort attribute, string value) => Add(attribute, Encoding.UTF8.GetBytes(value + '\0'));

    /// <summary>In the order of the network, as netfilter has its numbers.</summary>
    public void AddBigEndian(ushort attribute, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Add(attribute, bytes);
    }

    /// <summary>Begins an attribute made of attributes; returns what <see cref="EndNest"/> wants.</summary>
    public int Nest(ushort attribute) => Start((ushort)(attribute | NLA_F_NESTED));

    public void EndNest(int start) => SetLength(start, _length - start);

    int Start(ushort attribute)
    {
        int start = _length;
        BinaryPrimitives.WriteUInt16LittleEndian(Take(sizeof(int))[2..], attribute);
        return start;
    }

    // Without what pads it.
    void SetLength(int start, int length) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(start), (ushort)length);

    Span<byte> Take(int size)
    {
        int padded = (size + 3) & ~3;
        if (_length + padded > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + padded));
        }

        Span<byte> taken = _bytes.AsSpan(_length, padded);
        _length += padded;
        return taken[..size];
    }
}
