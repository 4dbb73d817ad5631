using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.State;

/// <summary>
/// What containers hold of something that the host has once, whatever <c>--root</c> their engines use: a directory with one file for
/// each thing held, named after it, that names the holder's state directory. A record goes when the container does.
/// </summary>
public sealed class OwnerRecords(string directory)
{
    /// <summary>The directory, made if need be and locked as long as the descriptor is open: for looking and then adding.</summary>
    public Fd OpenLocked()
    {
        Directories.MakeAll(directory, 0x1C0 /* 0700 */);
        Fd records = OpenAt2.Open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        FileSystems.Lock(records);
        return records;
    }

    public static void Add(Fd records, string name, string stateDirectory) =>
        FileText.Replace(records, name, Encoding.UTF8.GetBytes(stateDirectory));

    /// <summary>The state directory of whoever holds it; null where nobody does, or a container whose state was removed by hand.</summary>
    public static string? HolderOf(Fd records, string name) =>
        FileText.TryRead(records, name) is { } holder && IsThere(holder) ? holder : null;

    /// <summary>Removes records that belong to nobody any more.</summary>
    public static void RemoveStale(Fd records) => Remove(records, holder => !IsThere(holder));

    public void RemoveStale()
    {
        using Fd? records = TryOpen();
        if (records is not null)
        {
            FileSystems.Lock(records);
            RemoveStale(records);
        }
    }

    /// <summary>One that is not there is no error.</summary>
    public void Remove(string name)
    {
        using Fd? records = TryOpen();
        _ = records is null ? Errno.None : Directories.TryUnlink(records, name);
    }

    /// <summary>Removes all that a state directory holds.</summary>
    public void RemoveOf(string stateDirectory)
    {
        using Fd? records = TryOpen();
        if (records is not null)
        {
            Remove(records, holder => holder == stateDirectory);
        }
    }

    /// <summary>The ids of all containers that hold something.</summary>
    public HashSet<string> Containers()
    {
        using Fd? records = TryOpen();
        return records is null
            ? []
            : [.. Directories.List(records).Select(name => FileText.TryRead(records, name)).OfType<string>().Select(holder => Path.GetFileName(holder))];
    }

    static void Remove(Fd records, Func<string, bool> isRemoved)
    {
        foreach (string name in Directories.List(records))
        {
            if (FileText.TryRead(records, name) is { } holder && isRemoved(holder))
            {
                Directories.TryUnlink(records, name);
            }
        }
    }

    static bool IsThere(string stateDirectory) => Stat.TryOf(Fd.CurrentDirectory, stateDirectory, out _) == Errno.None;

    Fd? TryOpen() => OpenAt2.TryOpen(
        Fd.CurrentDirectory, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? records) == Errno.None
        ? records
        : null;
}
