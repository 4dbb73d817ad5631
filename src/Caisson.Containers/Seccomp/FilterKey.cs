using System.Buffers.Binary;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Seccomp;

/// <summary>All that a compiled filter depends on: the profile, the isolation, and the program that compiled it.</summary>
sealed class FilterKey
{
    // Of the key and of FilterCacheFile.
    const uint FormatVersion = 1;

    const int HeaderSize = 48;

    readonly byte[] _bytes;

    FilterKey(byte[] bytes)
    {
        _bytes = bytes;
        FileName = $"{Fnv1a.Hash(bytes):x16}.filter";
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Found by it; the file holds the key itself, so that two keys of one name replace each other and never mix.</summary>
    public string FileName { get; }

    public static FilterKey Of(ReadOnlySpan<byte> profile, Isolation isolation)
    {
        byte[] bytes = new byte[HeaderSize + profile.Length];
        Span<byte> header = bytes.AsSpan(0, HeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header, FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)isolation);

        // The executable holds libseccomp and the table of SystemProfile: another one would compile another filter.
        if (Stat.TryOf(Fd.CurrentDirectory, "/proc/self/exe", out statx program) == Errno.None)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], program.stx_dev_major);
            BinaryPrimitives.WriteUInt32LittleEndian(header[12..], program.stx_dev_minor);
            BinaryPrimitives.WriteUInt64LittleEndian(header[16..], program.stx_ino);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], program.stx_size);
            BinaryPrimitives.WriteInt64LittleEndian(header[32..], program.stx_ctime.tv_sec);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], program.stx_ctime.tv_nsec);
        }

        profile.CopyTo(bytes.AsSpan(HeaderSize));
        return new FilterKey(bytes);
    }
}
