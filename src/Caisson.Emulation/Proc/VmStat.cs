using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/vmstat: as /proc/meminfo, for the counters that cgroups have; the others remain the machine's.</summary>
static class VmStat
{
    delegate long Count(in MemoryFacts facts);

    // In the kernel's order (mm/vmstat.c).
    static readonly (string Name, Count Count)[] Rows =
    [
        Pages("nr_free_pages", (in f) => f.Free),
        Pages("nr_zone_inactive_anon", (in f) => f[MemoryField.InactiveAnon]),
        Pages("nr_zone_active_anon", (in f) => f[MemoryField.ActiveAnon]),
        Pages("nr_zone_inactive_file", (in f) => f[MemoryField.InactiveFile]),
        Pages("nr_zone_active_file", (in f) => f[MemoryField.ActiveFile]),
        Pages("nr_zone_unevictable", (in f) => f[MemoryField.Unevictable]),
        Pages("nr_zone_write_pending", (in f) => f[MemoryField.FileDirty] + f[MemoryField.FileWriteback]),
        Pages("nr_inactive_anon", (in f) => f[MemoryField.InactiveAnon]),
        Pages("nr_active_anon", (in f) => f[MemoryField.ActiveAnon]),
        Pages("nr_inactive_file", (in f) => f[MemoryField.InactiveFile]),
        Pages("nr_active_file", (in f) => f[MemoryField.ActiveFile]),
        Pages("nr_unevictable", (in f) => f[MemoryField.Unevictable]),
        Pages("nr_slab_reclaimable", (in f) => f[MemoryField.SlabReclaimable]),
        Pages("nr_slab_unreclaimable", (in f) => f[MemoryField.SlabUnreclaimable]),
        Pages("nr_anon_pages", (in f) => f[MemoryField.Anon]),
        Pages("nr_mapped", (in f) => f[MemoryField.FileMapped]),
        Pages("nr_file_pages", (in f) => f[MemoryField.File]),
        Pages("nr_dirty", (in f) => f[MemoryField.FileDirty]),
        Pages("nr_writeback", (in f) => f[MemoryField.FileWriteback]),
        Pages("nr_shmem", (in f) => f[MemoryField.Shmem]),
        ("nr_kernel_stack", (in f) => f[MemoryField.KernelStack] / 1024),
        Pages("nr_page_table_pages", (in f) => f[MemoryField.PageTables]),
        Pages("nr_sec_page_table_pages", (in f) => f[MemoryField.SecPageTables]),
        Pages("nr_swapcached", (in f) => f[MemoryField.SwapCached]),
        ("pswpin", (in f) => f[MemoryField.SwappedIn]),
        ("pswpout", (in f) => f[MemoryField.SwappedOut]),
        ("pgfault", (in f) => f[MemoryField.PageFaults]),
        ("pgmajfault", (in f) => f[MemoryField.MajorFaults]),
    ];

    static readonly NameIndex Index = new(Rows.Select(row => row.Name));

    public static void Read(Viewpoint from, ContentBuffer content)
    {
        from.Host.TryRead(HostFile.MemInfo, from.Text);
        MemoryFacts facts = Meminfo.FactsFor(from);
        from.Host.TryRead(HostFile.VmStat, from.Text);
        Render(from.Text.Bytes, facts, content);
    }

    public static void Render(ReadOnlySpan<byte> host, in MemoryFacts facts, ContentBuffer content)
    {
        if (!facts.IsLimited)
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
