using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>
/// /proc/meminfo: the host's text, line by line, with the numbers of the nearest limited cgroup in those lines that a cgroup
/// knows something of.
/// </summary>
static class Meminfo
{
    const int NumberColumn = 16;
    const int NumberWidth = 8;

    delegate long Bytes(in MemoryFacts facts);

    // In the kernel's order (fs/proc/meminfo.c). What no cgroup counts is 0 where it would else exceed the container's total,
    // and the host's where it describes the machine and not its use: Vmalloc*, HugePages*, DirectMap*.
    static readonly (string Name, Bytes Bytes)[] Rows =
    [
        ("MemTotal", (in f) => f.Limit),
        ("MemFree", (in f) => f.Free),
        ("MemAvailable", (in f) => f.Available),
        ("Buffers", (in _) => 0),
        ("Cached", (in f) => f[MemoryField.File]),
        ("SwapCached", (in f) => f[MemoryField.SwapCached]),
        ("Active", (in f) => f[MemoryField.ActiveAnon] + f[MemoryField.ActiveFile]),
        ("Inactive", (in f) => f[MemoryField.InactiveAnon] + f[MemoryField.InactiveFile]),
        ("Active(anon)", (in f) => f[MemoryField.ActiveAnon]),
        ("Inactive(anon)", (in f) => f[MemoryField.InactiveAnon]),
        ("Active(file)", (in f) => f[MemoryField.ActiveFile]),
        ("Inactive(file)", (in f) => f[MemoryField.InactiveFile]),
        ("Unevictable", (in f) => f[MemoryField.Unevictable]),
        ("Mlocked", (in f) => f[MemoryField.Unevictable]),
        ("Zswap", (in f) => f[MemoryField.Zswap]),
        ("Zswapped", (in f) => f[MemoryField.Zswapped]),
        ("Dirty", (in f) => f[MemoryField.FileDirty]),
        ("Writeback", (in f) => f[MemoryField.FileWriteback]),
        ("AnonPages", (in f) => f[MemoryField.Anon]),
        ("Mapped", (in f) => f[MemoryField.FileMapped]),
        ("Shmem", (in f) => f[MemoryField.Shmem]),
        ("KReclaimable", (in f) => f[MemoryField.SlabReclaimable]),
        ("Slab", (in f) => f[MemoryField.SlabReclaimable] + f[MemoryField.SlabUnreclaimable]),
        ("SReclaimable", (in f) => f[MemoryField.SlabReclaimable]),
        ("SUnreclaim", (in f) => f[MemoryField.SlabUnreclaimable]),
        ("KernelStack", (in f) => f[MemoryField.KernelStack]),
        ("PageTables", (in f) => f[MemoryField.PageTables]),
        ("SecPageTables", (in f) => f[MemoryField.SecPageTables]),
        ("NFS_Unstable", (in _) => 0),
        ("Bounce", (in _) => 0),
        ("WritebackTmp", (in _) => 0),
        ("CommitLimit", (in f) => (f.Limit / 2) + (f.IsSwapLimited ? f.SwapLimit : 0)),
        ("Committed_AS", (in f) => f[MemoryField.Anon] + f[MemoryField.Shmem]),
        ("VmallocUsed", (in _) => 0),
        ("Percpu", (in f) => f[MemoryField.PerCpu]),
        ("AnonHugePages", (in f) => f[MemoryField.AnonHuge]),
        ("ShmemHugePages", (in f) => f[MemoryField.ShmemHuge]),
        ("ShmemPmdMapped", (in _) => 0),
        ("FileHugePages", (in f) => f[MemoryField.FileHuge]),
        ("FilePmdMapped", (in _) => 0),
        ("CmaTotal", (in _) => 0),
        ("CmaFree", (in _) => 0),
    ];

    // Limited apart from the memory.
    static readonly (string Name, Bytes Bytes)[] SwapRows =
    [
        ("SwapTotal", (in f) => f.SwapLimit),
        ("SwapFree", (in f) => f.SwapFree),
    ];

    static readonly NameIndex Index = new(Rows.Select(line => line.Name));
    static readonly NameIndex SwapIndex = new(SwapRows.Select(line => line.Name));

    public static void Read(Viewpoint from, ContentBuffer content)
    {
        from.Host.TryRead(HostFile.MemInfo, from.Text);
        Render(from.Text.Bytes, FactsFor(from), content);
    }

    /// <summary>Of the text that was read.</summary>
    public static MemoryFacts FactsFor(Viewpoint from) =>
        MemoryReading.Read(from, BytesOf(from.Text.Bytes, "MemTotal"u8), BytesOf(from.Text.Bytes, "SwapTotal"u8));

    /// <summary>A number of a text like meminfo's, in bytes; 0 where it is missing.</summary>
    public static long BytesOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name))
            {
                return Math.Min(new Words(line[(name.Length + 1)..]).NextNumber(), long.MaxValue / 1024) * 1024;
            }
        }

        return 0;
    }

    public static void Render(ReadOnlySpan<byte> host, in MemoryFacts facts, ContentBuffer content)
    {
        int next = 0;
        int nextSwap = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(host))
        {
            ReadOnlySpan<byte> name = line[..Math.Max(0, line.IndexOf((byte)':'))];
            if (facts.IsLimited && Index.Find(name, ref next) is int found and >= 0)
            {
                Append(content, name, Rows[found].Bytes(facts));
            }
            else if (facts.IsSwapLimited && SwapIndex.Find(name, ref nextSwap) is int swap and >= 0)
            {
                Append(content, name, SwapRows[swap].Bytes(facts));
            }
            else
            {
                content.Append(line).Append((byte)'\n');
            }
        }
    }

    static void Append(ContentBuffer content, ReadOnlySpan<byte> name, long bytes)
    {
        content.Append(name).Append((byte)':');
        for (int column = name.Length + 1; column < NumberColumn; column++)
        {
            content.Append((byte)' ');
        }

        content.Append(bytes / 1024, NumberWidth).Append(" kB\n"u8);
    }
}
