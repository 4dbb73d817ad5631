using Caisson.Containers.Ids;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Probes;

/// <summary>How many containers could have ids of their own at a time.</summary>
static class IdProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        if (!OwnUserNamespace.IsInitial)
        {
            yield return Finding.Note("this is a container: those in it get its own ids");
            yield break;
        }

        IReadOnlyList<SubIdEntry> entries = SubIdEntry.OfHost(host.Places.Ids);
        int count = 0;
        IdRange all = default;
        // Enough to say "thousands". What lies between two ranges is somebody's: one range from the first to the last does for all.
        while (count < 10_000 && IdRangePlanner.Plan(IdRangePlanner.DefaultSize, count == 0 ? [] : [all], entries) is { } range)
        {
            all = count == 0 ? range : all with { Size = (uint)(range.End - all.Start) };
            count++;
        }

        string where = host.Places.Ids is not null ? "as the configuration says"
            : entries.Any(entry => entry.Name == SubIdEntry.OwnName) ? "of \"caisson\" in /etc/subuid"
            : $"from {IdRangePlanner.DefaultStart}";
        yield return count switch
        {
            0 => Finding.Missing(
                $"no 65,536 ids are free {where}", "system containers have no ids",
                "echo caisson:1879048192:268369920 | tee -a /etc/subuid >> /etc/subgid"),
            < 100 => Finding.Note($"for {count} containers at a time, {where}"),
            _ => Finding.Ok($"for {count} containers at a time, {where}"),
        };
    }
}
