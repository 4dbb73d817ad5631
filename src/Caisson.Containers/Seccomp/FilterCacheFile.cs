using System.Buffers.Binary;
using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Seccomp;

/// <summary>
/// The form of a cached filter: magic, flags, length of the key, length of the program, sum over flags and program, key, program.
/// Whatever the bytes are, reading gives the filter that was written for exactly this key, or nothing.
/// </summary>
static class FilterCacheFile
{
    const int HeaderSize = 32;

    const SeccompFilterFlags KnownFlags =
        SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG | SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW
        | SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER | SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;

    static ReadOnlySpan<byte> Magic => "caissonF"u8;

    public static byte[] Render(FilterKey key, SeccompFilter filter)
    {
        byte[] bytes = new byte[HeaderSize + key.Bytes.Length + filter.Instructions.Length];
        Span<byte> header = bytes.AsSpan(0, HeaderSize);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)filter.Flags);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], key.Bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], filter.Instructions.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], Sum(header, filter.Instructions));
        key.Bytes.CopyTo(bytes.AsSpan(HeaderSize));
        filter.Instructions.CopyTo(bytes.AsSpan(HeaderSize + key.Bytes.Length));
        return bytes;
    }

    public static SeccompFilter? Parse(ReadOnlySpan<byte> bytes, FilterKey key)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic))
        {
            return null;
        }

        SeccompFilterFlags flags = (SeccompFilterFlags)BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        int keyLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]);
        int programLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
        if (keyLength != key.Bytes.Length
            || !SeccompFilter.IsProgramSize(programLength)
            || bytes.Length != HeaderSize + (long)keyLength + programLength
            || (flags & ~KnownFlags) != 0)
        {
            return null;
        }

        ReadOnlySpan<byte> program = bytes[(HeaderSize + keyLength)..];
        return bytes.Slice(HeaderSize, keyLength).SequenceEqual(key.Bytes)
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) == Sum(bytes, program)
            ? new SeccompFilter(program.ToArray(), flags)
            : null;
    }

    // Over the header up to the sum, and the program; the key is compared whole.
    static ulong Sum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> program) => Fnv1a.Hash(program, Fnv1a.Hash(header[..24]));
}
