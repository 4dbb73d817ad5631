using System.Buffers.Binary;
using System.Text;

namespace Caisson.Containers.Systemd;

/// <summary>Reads what <see cref="BusWriter"/> writes; anything that runs over the end is an <see cref="InvalidDataException"/>.</summary>
public ref struct BusReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public void Align(int boundary) => Take((boundary - Position % boundary) % boundary);

    public byte Byte() => Take(1)[0];

    public uint Number()
    {
        Align(4);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
    }

    /// <summary>A string or an object path.</summary>
    public string Text()
    {
        string text = Encoding.UTF8.GetString(Take(Number()));
        Take(1);
        return text;
    }

    public string Signature()
    {
        string text = Encoding.ASCII.GetString(Take(Byte()));
        Take(1);
        return text;
    }

    ReadOnlySpan<byte> Take(long count)
    {
        if (count > _bytes.Length - Position)
        {
            throw new InvalidDataException("a D-Bus message ends too early");
        }

        Position += (int)count;
        return _bytes.Slice(Position - (int)count, (int)count);
    }
}
