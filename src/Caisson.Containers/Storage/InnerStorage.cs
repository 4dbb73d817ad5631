using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// Moves what a container keeps at the paths of <see cref="StorageKinds"/> between the engine's upper layer, where it is part of
/// the container for commit, copy and removal, and a directory of the host's file system, on which an inner engine can put
/// overlays. Both are usually on one file system and a move is a rename.
/// </summary>
/// <remarks>
/// A kill or a crash of the host at any moment leaves each content whole in one of the two places, or in both with a note which
/// one is old (<see cref="StorageMarks"/>); every operation may be repeated. A directory that is found in place at the next
/// start is used. Only what was copied out of an image's layers is not forced to disk: after a loss of power within the
/// seconds after a container's first start, remove and recreate the container.
/// </remarks>
public static partial class InnerStorage
{
    const int ExaminedRecords = 32;
    const int CollectingMilliseconds = 100;

    /// <summary>
    /// Before the container's root file system is mounted, and after its state directory exists: puts the content of each entry
    /// into its directory. Returns the entries as they are to be kept in the state and given to <see cref="TakeHome"/>.
    /// </summary>
    /// <param name="entries">All of one container.</param>
    /// <param name="layers">Null where the root file system is no overlay.</param>
    public static IReadOnlyList<StorageEntry> Bring(IReadOnlyList<StorageEntry> entries, OverlayLayers? layers)
    {
        if (entries.Count == 0)
        {
            return entries;
        }

        // Nothing can come home to a root file system that cannot be written.
        bool homeless = layers is { Upper: null };
        string layer = homeless ? "" : entries[0].Layer;
        using (HomeRecords records = HomeRecords.Open(entries[0].StorageRoot))
        {
            records.Claim(entries[0].ContainerId, layer);
        }

        using LayerStack stack = new(layer, layers);
        List<StorageEntry> brought = [];
        foreach (StorageEntry entry in entries)
        {
            brought.Add(ContainerException.During(
                $"storage for {entry.Destination}", () => BringOne(homeless ? entry with { Home = "" } : entry, stack)));
        }

        return brought;
    }

    /// <summary>
    /// After the container has stopped: puts the content of each entry back where it lives. What cannot go back stays in its
    /// directory and is used at the next start; the exception says so, after all other entries have been dealt with.
    /// </summary>
    public static void TakeHome(IReadOnlyList<StorageEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        using HomeRecords? records = HomeRecords.TryOpen(entries[0].StorageRoot);
        string[] layers = [.. entries.Select(entry => entry.Layer).Where(layer => layer.Length > 0).Distinct()];
        // After a Bring that was refused, what is there belongs to another container.
        if (records?.IsOf(entries[0].ContainerId, layers) == false)
        {
            return;
        }

        List<string> problems = [];
        foreach (StorageEntry entry in entries)
        {
            try
            {
                TakeOneHome(entry);
            }
            catch (Exception failure) when (failure is KernelException or ContainerException)
            {
                problems.Add(
                    $"what the container keeps at {entry.Destination} stays in {entry.Directory}: {ContainerException.Chain(failure)}");
            }
        }

        if (problems.Count > 0)
        {
            throw new ContainerException(string.Join("; ", problems));
        }

        // Of a Bring that was killed while it copied.
        if (Directories.TryRemove(Fd.CurrentDirectory, entries[0].ArrivingDirectory) == Errno.ENOTEMPTY)
        {
            RemoveOwn(entries[0].ArrivingDirectory);
        }

        records?.Release(entries[0].ContainerId);
    }

    /// <summary>
    /// Discards the storage of containers that have neither a state nor, in their engine, a layer any more. Costs the reading of
    /// one small directory where there is nothing to do, as only running and crashed containers have records. Returns how many
    /// containers' storage was discarded.
    /// </summary>
    /// <param name="isKnown">Has the container a state, in whatever directory engines keep theirs?</param>
    /// <param name="thorough">Looks at every record and removes everything; otherwise a sample, for a limited time.</param>
    public static int CollectOrphans(string storageRoot, Func<string, bool> isKnown, bool thorough = false)
    {
        using HomeRecords? records = HomeRecords.TryOpen(storageRoot);
        if (records is null)
        {
            return 0;
        }

        long deadline = thorough ? long.MaxValue : Environment.TickCount64 + CollectingMilliseconds;
        List<string> ids = records.ContainerIds();
        int count = thorough ? ids.Count : Math.Min(ids.Count, ExaminedRecords);
        // From anywhere, so that every record has its turn.
        int start = count < ids.Count ? Random.Shared.Next(ids.Count) : 0;
        int discarded = 0;
        for (int i = 0; i < count; i++)
        {
            string id = ids[(start + i) % ids.Count];
            discarded += !isKnown(id) && records.TryDiscardOrphan(id) ? 1 : 0;
        }

        RemovedStorage.Empty(storageRoot, deadline);
        return discarded;
    }
}
