using System.Buffers.Binary;

namespace Caisson.Repository.Tests;

/// <summary>The parts of a 64-bit little-endian ELF file (elf(5)) that tell what it needs to start.</summary>
sealed class ElfFile
{
    const uint PT_DYNAMIC = 2;
    const uint PT_INTERP = 3;
    const uint SHT_SYMTAB = 2;
    const long DT_NEEDED = 1;

    readonly byte[] _bytes;

    public ElfFile(byte[] bytes)
    {
        _bytes = bytes;
        Assert.True(bytes.Length > 64 && bytes.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8), "no 64-bit little-endian ELF file");
    }

    public bool HasInterpreter => Headers().Any(it => it.Type == PT_INTERP);

    /// <summary>How many shared libraries the loader would look for.</summary>
    public int NeededLibraries =>
        Headers().Where(it => it.Type == PT_DYNAMIC).Sum(it => Enumerable.Range(0, (int)(it.Size / 16)).Count(i => Word(it.Offset + (16 * i)) == DT_NEEDED));

    /// <summary>Whether the symbol table has been left in.</summary>
    public bool HasSymbols
    {
        get
        {
            long sections = Word(0x28);
            int size = Short(0x3a);
            return Enumerable.Range(0, Short(0x3c)).Any(i => Int(sections + (i * size) + 4) == SHT_SYMTAB);
        }
    }

    // e_phoff, e_phentsize, e_phnum; then p_type, p_offset, p_filesz of each.
    IEnumerable<(uint Type, long Offset, long Size)> Headers()
    {
        long at = Word(0x20);
        for (int i = 0; i < Short(0x38); i++, at += Short(0x36))
        {
            yield return (Int(at), Word(at + 8), Word(at + 32));
        }
    }

    ushort Short(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan((int)at));

    uint Int(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)at));

    long Word(long at) => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan((int)at));
}
