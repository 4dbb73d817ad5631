using System.Text;

namespace Caisson.Containers.Checkpoint;

/// <summary>Writes one protobuf message (protobuf.dev, "Encoding"): the three forms of fields that CRIU's rpc.proto has.</summary>
public sealed class ProtoWriter
{
    const int VarintForm = 0;
    const int LengthForm = 2;

    readonly List<byte> _bytes = [];

    /// <summary>An int32, uint32 or enum; a negative one takes ten bytes, as its 64-bit form.</summary>
    public void Number(int field, long value)
    {
        Varint((ulong)((field << 3) | VarintForm));
        Varint((ulong)value);
    }

    /// <summary>A bool; false is written, too: CRIU tells "no" from "not said".</summary>
    public void Flag(int field, bool value) => Number(field, value ? 1 : 0);

    /// <summary>Nothing for null.</summary>
    public void Text(int field, string? value)
    {
        if (value is not null)
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    public void Message(int field, ProtoWriter inner) => Bytes(field, inner.ToBytes());

    public byte[] ToBytes() => [.. _bytes];

    void Bytes(int field, byte[] value)
    {
        Varint((ulong)((field << 3) | LengthForm));
        Varint((ulong)value.Length);
        _bytes.AddRange(value);
    }

    void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
