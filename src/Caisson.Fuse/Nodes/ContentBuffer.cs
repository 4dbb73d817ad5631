using System.Buffers.Text;

namespace Caisson.Fuse.Nodes;

/// <summary>Bytes that grow at their end and are used again and again: serving a file makes no garbage.</summary>
public sealed class ContentBuffer
{
    byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>How many bytes of memory it holds.</summary>
    internal int Capacity => _bytes.Length;

    public ContentBuffer Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public ContentBuffer Append(byte one)
    {
        Room(1)[0] = one;
        Length++;
        return this;
    }

    /// <summary>In decimal, right-aligned with spaces to at least <paramref name="width"/>.</summary>
    public ContentBuffer Append(long number, int width = 0)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out int count);
        for (int i = count; i < width; i++)
        {
            Append((byte)' ');
        }

        return Append(digits[..count]);
    }

    Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
