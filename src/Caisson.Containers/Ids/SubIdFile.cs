using Caisson.Kernel.Files;

namespace Caisson.Containers.Ids;

/// <summary>One line of /etc/subuid or /etc/subgid (subuid(5)): ids that a user may map.</summary>
public readonly record struct SubIdEntry(string Name, IdRange Range)
{
    /// <summary>The name under which ids are ours.</summary>
    public const string OwnName = "caisson";

    /// <summary>What the host's files say, with <paramref name="own"/> as our entry where it is given.</summary>
    public static IReadOnlyList<SubIdEntry> OfHost(IdRange? own)
    {
        IEnumerable<SubIdEntry> entries =
            Parse(FileText.TryRead("/etc/subuid") ?? "").Concat(Parse(FileText.TryRead("/etc/subgid") ?? ""));
        return own is { } range
            ? [new SubIdEntry(OwnName, range), .. entries.Where(entry => entry.Name != OwnName)]
            : [.. entries];
    }

    /// <summary>Lines that do not have the form name:start:count are skipped, as shadow does.</summary>
    public static IReadOnlyList<SubIdEntry> Parse(string text)
    {
        List<SubIdEntry> entries = [];
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Trim().Split(':');
            if (fields.Length == 3 && fields[0].Length > 0
                && uint.TryParse(fields[1], out uint start) && uint.TryParse(fields[2], out uint count) && count > 0)
            {
                entries.Add(new SubIdEntry(fields[0], new IdRange(start, count)));
            }
        }

        return entries;
    }
}
