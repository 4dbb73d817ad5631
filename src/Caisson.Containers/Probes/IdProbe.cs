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
        List<IdRange> taken = [];
        // Enough to say "thousands".
        while (count < 10_000 && IdRangePlanner.Plan(IdRangePlanner.DefaultSize, taken, entries) is { } range)
        {
            taken = [new IdRange(taken.Count == 0 ? range.Start : taken[0].Start, (uint)(range.End - (taken.Count == 0 ? range.Start : taken[0].Start)))];
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
