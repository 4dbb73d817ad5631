namespace Caisson.Containers.Checkpoint;

/// <summary>
/// Reads one protobuf message field by field, within its bounds: every length is checked before it is used, and nothing is
/// allocated. Groups, which nobody writes any more, are an error.
/// </summary>
public ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> _rest = message;

    /// <summary>Of a field that is a number; the low 32 bits are an int32.</summary>
    public ulong Number { get; private set; }

    /// <summary>Of a field that is a string or a message; empty for a number.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Steps to the next field; false at the end.</summary>
    /// <exception cref="ContainerException">It is no message, or cut off.</exception>
    public bool Next(out int field)
    {
        field = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        field = (int)(key >> 3);
        Number = 0;
        Bytes = default;
        switch (key & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Take(sizeof(ulong));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Take(sizeof(uint));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }

    static ContainerException Malformed() => new("criu's answer is no protobuf message");
}
