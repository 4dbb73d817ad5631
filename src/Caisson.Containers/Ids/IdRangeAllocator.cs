using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Ids;

/// <summary>
/// Exclusive id ranges of running containers. A range is a file in one directory of the host, whatever <c>--root</c> the
/// engine uses; nothing on disk carries the ids, so the record goes when the container does. The lock is held while the
/// directory is read and one name is added.
/// </summary>
public sealed class IdRangeAllocator(string directory)
{
    /// <summary>Takes a range for a container; its record names the state directory that keeps it alive.</summary>
    public IdRange Take(uint size, string stateDirectory)
    {
        Directories.MakeAll(directory, 0x1C0 /* 0700 */);
        using Fd records = OpenAt2.Open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        FileSystems.Lock(records);
        IReadOnlyList<SubIdEntry> subordinate = Subordinate();
        // Records that nobody needs any more are looked for when they are in the way: few, as a reboot removes them all.
        IdRange range = IdRangePlanner.Plan(size, Taken(records, discardsStale: false), subordinate)
            ?? IdRangePlanner.Plan(size, Taken(records, discardsStale: true), subordinate)
            ?? throw new UserError(
                $"no {size} host ids are left for another container",
                "remove containers, or give caisson a larger range in /etc/subuid and /etc/subgid");
        FileText.Replace(records, Name(range), Encoding.UTF8.GetBytes(stateDirectory));
        return range;
    }

    /// <summary>
    /// Records that one more container uses a range: it joined a namespace of the one that took it, and may outlive that one.
    /// </summary>
    public void Share(IdRange range, string stateDirectory)
    {
        Directories.MakeAll(directory, 0x1C0 /* 0700 */);
        using Fd records = OpenAt2.Open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        FileSystems.Lock(records);
        FileText.Replace(records, $"{Name(range)}-{Path.GetFileName(stateDirectory)}", Encoding.UTF8.GetBytes(stateDirectory));
    }

    /// <summary>Gives a range back; one that is not recorded is no error.</summary>
    public void Release(IdRange range)
    {
        if (OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? records) == Errno.None)
        {
            using (records)
            {
                Directories.TryUnlink(records!, Name(range));
            }
        }
    }

    /// <summary>Gives back what a state directory holds, also where nobody remembers which range that is.</summary>
    public void ReleaseOf(string stateDirectory)
    {
        if (OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? records) != Errno.None)
        {
            return;
        }

        using (records)
        {
            foreach (string name in Directories.List(records!))
            {
                if (FileText.TryRead(records!, name) == stateDirectory)
                {
                    Directories.TryUnlink(records!, name);
                }
            }
        }
    }

    /// <summary>Gives back what belongs to nobody: a container whose state was removed by hand.</summary>
    public void DiscardStale()
    {
        if (OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? records) == Errno.None)
        {
            using (records)
            {
                FileSystems.Lock(records!);
                Taken(records!, discardsStale: true);
            }
        }
    }

    /// <summary>The state directories that hold ranges.</summary>
    public IReadOnlyList<string> Owners()
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? records);
        if (errno != Errno.None)
        {
            return [];
        }

        using (records)
        {
            return [.. Directories.List(records!).Select(name => FileText.TryRead(records!, name)).OfType<string>()];
        }
    }

    static string Name(IdRange range) => $"{range.Start}-{range.Size}";

    // A record whose state directory is gone belongs to nobody: its container was removed by hand.
    static List<IdRange> Taken(Fd records, bool discardsStale)
    {
        List<IdRange> taken = [];
        foreach (string name in Directories.List(records))
        {
            // A third part is the container that shares it.
            string[] parts = name.Split('-', 3);
            if (parts.Length < 2 || !uint.TryParse(parts[0], out uint start) || !uint.TryParse(parts[1], out uint size))
            {
                continue;
            }

            if (discardsStale && Stat.TryOf(Fd.CurrentDirectory, FileText.TryRead(records, name) ?? "", out _) != Errno.None)
            {
                Directories.TryUnlink(records, name);
                continue;
            }

            taken.Add(new IdRange(start, size));
        }

        return taken;
    }

    static List<SubIdEntry> Subordinate() =>
    [
        .. SubIdEntry.Parse(FileText.TryRead("/etc/subuid") ?? ""),
        .. SubIdEntry.Parse(FileText.TryRead("/etc/subgid") ?? ""),
    ];
}
