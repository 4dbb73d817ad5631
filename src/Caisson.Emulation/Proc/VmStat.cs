using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/vmstat: as /proc/meminfo, for the counters that cgroups have; the others remain the machine's.</summary>
static class VmStat
{
    delegate long Count(in VmFacts facts);

    // In the kernel's order (mm/vmstat.c).
    static readonly (string Name, Count Count)[] Rows =
    [
        Pages("nr_free_pages", (in f) => f.Memory.Free),
        Pages("nr_zone_inactive_anon", (in f) => f.Memory[MemoryField.InactiveAnon]),
        Pages("nr_zone_active_anon", (in f) => f.Memory[MemoryField.ActiveAnon]),
        Pages("nr_zone_inactive_file", (in f) => f.Memory[MemoryField.InactiveFile]),
        Pages("nr_zone_active_file", (in f) => f.Memory[MemoryField.ActiveFile]),
        Pages("nr_zone_unevictable", (in f) => f.Memory[MemoryField.Unevictable]),
        Pages("nr_zone_write_pending", (in f) => f.Memory[MemoryField.FileDirty] + f.Memory[MemoryField.FileWriteback]),
        Pages("nr_inactive_anon", (in f) => f.Memory[MemoryField.InactiveAnon]),
        Pages("nr_active_anon", (in f) => f.Memory[MemoryField.ActiveAnon]),
        Pages("nr_inactive_file", (in f) => f.Memory[MemoryField.InactiveFile]),
        Pages("nr_active_file", (in f) => f.Memory[MemoryField.ActiveFile]),
        Pages("nr_unevictable", (in f) => f.Memory[MemoryField.Unevictable]),
        Pages("nr_slab_reclaimable", (in f) => f.Memory[MemoryField.SlabReclaimable]),
        Pages("nr_slab_unreclaimable", (in f) => f.Memory[MemoryField.SlabUnreclaimable]),
        Pages("nr_anon_pages", (in f) => f.Memory[MemoryField.Anon]),
        Pages("nr_mapped", (in f) => f.Memory[MemoryField.FileMapped]),
        Pages("nr_file_pages", (in f) => f.Memory[MemoryField.File]),
        Pages("nr_dirty", (in f) => f.Memory[MemoryField.FileDirty]),
        Pages("nr_writeback", (in f) => f.Memory[MemoryField.FileWriteback]),
        Pages("nr_shmem", (in f) => f.Memory[MemoryField.Shmem]),
        ("nr_kernel_stack", (in f) => f.Memory[MemoryField.KernelStack] / 1024),
        Pages("nr_page_table_pages", (in f) => f.Memory[MemoryField.PageTables]),
        Pages("nr_sec_page_table_pages", (in f) => f.Memory[MemoryField.SecPageTables]),
        Pages("nr_swapcached", (in f) => f.Memory[MemoryField.SwapCached]),
        ("pgpgin", (in f) => f.ReadBytes / 1024),
        ("pgpgout", (in f) => f.WriteBytes / 1024),
        ("pswpin", (in f) => f.Memory[MemoryField.SwappedIn]),
        ("pswpout", (in f) => f.Memory[MemoryField.SwappedOut]),
        ("pgfault", (in f) => f.Memory[MemoryField.PageFaults]),
        ("pgmajfault", (in f) => f.Memory[MemoryField.MajorFaults]),
    ];

    static readonly NameIndex Index = new(Rows.Select(row => row.Name));

    public static void Read(Viewpoint from, ContentBuffer content)
    {
        from.Host.TryRead(HostFile.MemInfo, from.Text);
        MemoryFacts facts = Meminfo.FactsFor(from);
        (long read, long write) = facts.IsLimited ? DiskReading.BytesOf(from) : default;
        from.Host.TryRead(HostFile.VmStat, from.Text);
        Render(from.Text.Bytes, new VmFacts(facts, read, write), content);
    }

    public static void Render(ReadOnlySpan<byte> host, in VmFacts facts, ContentBuffer content)
    {
        if (!facts.Memory.IsLimited)
        {
            content.Append(host);
            return;
        }

        int next = 0;
        foreach (ReadOnlySpan<byte> line in new Lines(host))
        {
            ReadOnlySpan<byte> name = line[..Math.Max(0, line.IndexOf((byte)' '))];
            if (Index.Find(name, ref next) is int found and >= 0)
            {
                content.Append(name).Append((byte)' ').Append(Rows[found].Count(facts)).Append((byte)'\n');
            }
            else
            {
                content.Append(line).Append((byte)'\n');
            }
        }
    }

    static (string, Count) Pages(string name, Count bytes) => (name, (in f) => bytes(f) / Environment.SystemPageSize);
}
