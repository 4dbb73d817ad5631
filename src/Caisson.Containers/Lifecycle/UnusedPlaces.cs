using Caisson.Containers.Ids;
using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Lifecycle;

/// <summary>What is left in <see cref="Places"/> when no container is there any more: caches and empty directories.</summary>
public static class UnusedPlaces
{
    /// <summary>Removes all of it. Returns the directories that stay, as they hold something of a container.</summary>
    public static IReadOnlyList<string> Remove(Places places, ContainerStore store)
    {
        OwnerRecords ids = new IdRangeAllocator(places.IdRanges).Records;
        ids.RemoveStale();
        new VolumeClaims(places.VolumeClaims).Records.RemoveStale();
        HashSet<string> known = [.. store.List().Select(id => id.Value), .. ids.Containers()];
        InnerStorage.CollectOrphans(places.Data, known.Contains, thorough: true);
        if (TryOpen(places.Run) is { } run)
        {
            using (run)
            {
                Directories.RemoveTree(run, Path.GetFileName(places.SeccompFilters));
            }
        }

        return [.. new[] { places.Run, places.Data }.Where(place => !TryRemove(place))];
    }

    static bool TryRemove(string place)
    {
        if (TryOpen(place) is not { } directory)
        {
            return true;
        }

        using (directory)
        {
            foreach (string name in Directories.List(directory))
            {
                Directories.TryRemove(directory, name);
            }
        }

        return Directories.TryRemove(Fd.CurrentDirectory, place) is Errno.None or Errno.ENOENT;
    }

    static Fd? TryOpen(string place) => OpenAt2.TryOpen(
        Fd.CurrentDirectory, place, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? directory) == Errno.None
        ? directory
        : null;
}
