using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sources;

/// <summary>memory.stat, in bytes, faults in events; what a version or kernel does not have is 0.</summary>
struct MemoryStat
{
    // In the kernel's order (mm/memcontrol.c).
    static readonly (string Name, MemoryField Field)[] Version2Names =
    [
        ("anon", MemoryField.Anon),
        ("file", MemoryField.File),
        ("kernel_stack", MemoryField.KernelStack),
        ("pagetables", MemoryField.PageTables),
        ("sec_pagetables", MemoryField.SecPageTables),
        ("percpu", MemoryField.PerCpu),
        ("shmem", MemoryField.Shmem),
        ("zswap", MemoryField.Zswap),
        ("zswapped", MemoryField.Zswapped),
        ("file_mapped", MemoryField.FileMapped),
        ("file_dirty", MemoryField.FileDirty),
        ("file_writeback", MemoryField.FileWriteback),
        ("swapcached", MemoryField.SwapCached),
        ("anon_thp", MemoryField.AnonHuge),
        ("file_thp", MemoryField.FileHuge),
        ("shmem_thp", MemoryField.ShmemHuge),
        ("inactive_anon", MemoryField.InactiveAnon),
        ("active_anon", MemoryField.ActiveAnon),
        ("inactive_file", MemoryField.InactiveFile),
        ("active_file", MemoryField.ActiveFile),
        ("unevictable", MemoryField.Unevictable),
        ("slab_reclaimable", MemoryField.SlabReclaimable),
        ("slab_unreclaimable", MemoryField.SlabUnreclaimable),
        ("pswpin", MemoryField.SwappedIn),
        ("pswpout", MemoryField.SwappedOut),
        ("pgfault", MemoryField.PageFaults),
        ("pgmajfault", MemoryField.MajorFaults),
    ];

    // total_: with the cgroups below, as version 2 counts (mm/memcontrol-v1.c).
    static readonly (string Name, MemoryField Field)[] Version1Names =
    [
        ("total_cache", MemoryField.File),
        ("total_rss", MemoryField.Anon),
        ("total_rss_huge", MemoryField.AnonHuge),
        ("total_shmem", MemoryField.Shmem),
        ("total_mapped_file", MemoryField.FileMapped),
        ("total_dirty", MemoryField.FileDirty),
        ("total_writeback", MemoryField.FileWriteback),
        ("total_swapcached", MemoryField.SwapCached),
        ("total_pgfault", MemoryField.PageFaults),
        ("total_pgmajfault", MemoryField.MajorFaults),
        ("total_inactive_anon", MemoryField.InactiveAnon),
        ("total_active_anon", MemoryField.ActiveAnon),
        ("total_inactive_file", MemoryField.InactiveFile),
        ("total_active_file", MemoryField.ActiveFile),
        ("total_unevictable", MemoryField.Unevictable),
    ];

    static readonly NameIndex Version2Index = new(Version2Names.Select(one => one.Name));
    static readonly NameIndex Version1Index = new(Version1Names.Select(one => one.Name));

    Values _values;

    public readonly long this[MemoryField field] => _values[(int)field];

    public static MemoryStat Parse(ReadOnlySpan<byte> text, bool isVersion2)
    {
        MemoryStat stat = default;
        NameIndex index = isVersion2 ? Version2Index : Version1Index;
        (string, MemoryField Field)[] names = isVersion2 ? Version2Names : Version1Names;
        int next = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            Words words = new(line);
            int found = index.Find(words.Next(), ref next);
            if (found >= 0)
            {
                stat._values[(int)names[found].Field] = words.NextNumber();
            }
        }

        return stat;
    }

    [System.Runtime.CompilerServices.InlineArray((int)MemoryField.MajorFaults + 1)]
    struct Values
    {
        long _first;
    }
}
