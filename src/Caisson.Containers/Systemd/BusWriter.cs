using System.Buffers.Binary;
using System.Text;

namespace Caisson.Containers.Systemd;

/// <summary>
/// Values in D-Bus's wire format, little-endian (D-Bus specification, "Message Format": all alignments count from the message's
/// start, to which headers and bodies are padded).
/// </summary>
public sealed class BusWriter
{
    byte[] _buffer = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public BusWriter Align(int boundary)
    {
        Take((boundary - Length % boundary) % boundary);
        return this;
    }

    public BusWriter Byte(byte value)
    {
        Take(1)[0] = value;
        return this;
    }

    /// <summary>Also booleans, as 0 or 1.</summary>
    public BusWriter Number(uint value)
    {
        Align(4);
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
        return this;
    }

    public BusWriter LongNumber(ulong value)
    {
        Align(8);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
        return this;
    }

    /// <summary>A string or an object path.</summary>
    public BusWriter Text(string text)
    {
        int size = Encoding.UTF8.GetByteCount(text);
        Number((uint)size);
        // With the NUL, which is not counted.
        Encoding.UTF8.GetBytes(text, Take(size + 1));
        return this;
    }

    public BusWriter Signature(string signature)
    {
        Byte((byte)signature.Length);
        Encoding.ASCII.GetBytes(signature, Take(signature.Length + 1));
        return this;
    }

    /// <summary>An array, whose length in bytes goes before it and does not count the padding before its first element.</summary>
    public BusWriter Array<T>(int alignment, IEnumerable<T> elements, Action<BusWriter, T> write)
    {
        Number(0);
        int length = Length - 4;
        Align(alignment);
        int start = Length;
        foreach (T element in elements)
        {
            Align(alignment);
            write(this, element);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(length), (uint)(Length - start));
        return this;
    }

    public BusWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    // Zeros.
    Span<byte> Take(int count)
    {
        if (Length + count > _buffer.Length)
        {
            System.Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, Length + count));
        }

        Length += count;
        return _buffer.AsSpan(Length - count, count);
    }
}
