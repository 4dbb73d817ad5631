using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Ids;

/// <summary>
/// Exclusive id ranges of running containers. A range is a record of <see cref="OwnerRecords"/>; nothing on disk carries the ids, so it
/// lives as long as the container does.
/// </summary>
public sealed class IdRangeAllocator(string directory)
{
    public OwnerRecords Records { get; } = new(directory);

    /// <summary>Takes a range for a container.</summary>
    /// <param name="size">How many ids.</param>
    /// <param name="stateDirectory">That keeps it alive: the record names it.</param>
    /// <param name="within">All that containers may have; null for what /etc/subuid says, or the usual ones.</param>
    public IdRange Take(uint size, string stateDirectory, IdRange? within)
    {
        using Fd records = Records.OpenLocked();
        IReadOnlyList<SubIdEntry> subordinate = SubIdEntry.OfHost(within);
        IdRange? range = IdRangePlanner.Plan(size, Taken(records), subordinate);
        if (range is null)
        {
            // Looked for only when they are in the way: they are few, as a reboot removes them all.
            OwnerRecords.RemoveStale(records);
            range = IdRangePlanner.Plan(size, Taken(records), subordinate);
        }

        IdRange taken = range ?? throw new UserError(
            $"no {size} host ids are left for another container",
            "remove containers, or give caisson a larger range in /etc/subuid and /etc/subgid");
        OwnerRecords.Add(records, Name(taken), stateDirectory);
        return taken;
    }

    /// <summary>
    /// Records that one more container uses a range: it joined a namespace of the one that took it, and may outlive that one.
    /// </summary>
    public void Share(IdRange range, string stateDirectory)
    {
        using Fd records = Records.OpenLocked();
        OwnerRecords.Add(records, $"{Name(range)}-{Path.GetFileName(stateDirectory)}", stateDirectory);
    }

    /// <summary>Gives a range back; one that is not recorded is no error.</summary>
    public void Release(IdRange range) => Records.Remove(Name(range));

    static string Name(IdRange range) => $"{range.Start}-{range.Size}";

    static List<IdRange> Taken(Fd records)
    {
        List<IdRange> taken = [];
        foreach (string name in Directories.List(records))
        {
            // A third part is the container that shares it.
            string[] parts = name.Split('-', 3);
            if (parts.Length >= 2 && uint.TryParse(parts[0], out uint start) && uint.TryParse(parts[1], out uint size))
            {
                taken.Add(new IdRange(start, size));
            }
        }

        return taken;
    }
}
