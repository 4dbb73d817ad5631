namespace Caisson.Containers.Ids;

/// <summary>Where a container's ids may lie: pure arithmetic over what others have.</summary>
public static class IdRangePlanner
{
    public const uint DefaultSize = 65536;

    /// <summary>Above the ranges of systemd-nspawn (524288 … 1879048191) and of usual subordinate ids.</summary>
    public const uint DefaultStart = 1879048192;

    /// <summary>Below the top of 31 bits: some file systems and tools take ids for signed.</summary>
    public const ulong DefaultEnd = 2147418112;

    /// <summary>The first free range, or null where none is left.</summary>
    /// <param name="size">How many ids.</param>
    /// <param name="taken">Ranges of running containers.</param>
    /// <param name="subordinate">All entries of /etc/subuid and /etc/subgid; one named caisson is ours to use.</param>
    public static IdRange? Plan(uint size, IReadOnlyCollection<IdRange> taken, IReadOnlyCollection<SubIdEntry> subordinate)
    {
        SubIdEntry own = subordinate.FirstOrDefault(entry => entry.Name == SubIdEntry.OwnName);
        (ulong start, ulong end) = own.Name is null ? (DefaultStart, DefaultEnd) : (own.Range.Start, own.Range.End);
        List<IdRange> occupied = [.. taken, .. subordinate.Where(entry => entry.Name != SubIdEntry.OwnName).Select(entry => entry.Range)];
        occupied.Sort((a, b) => a.Start.CompareTo(b.Start));
        foreach (IdRange range in occupied)
        {
            if (start + size <= range.Start)
            {
                break;
            }

            start = Math.Max(start, AlignUp(range.End, own.Name is null));
        }

        return start + size <= end ? new IdRange((uint)start, size) : null;
    }

    // Ranges of ours begin at multiples of 65,536, so that a host id tells its container and container id at a glance.
    static ulong AlignUp(ulong id, bool align) => align ? (id + DefaultSize - 1) / DefaultSize * DefaultSize : id;
}
