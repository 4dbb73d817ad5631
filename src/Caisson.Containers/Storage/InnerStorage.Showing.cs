using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

public static partial class InnerStorage
{
    /// <summary>
    /// While all of the container's processes are frozen: exchanges its content and the empty mount points in the engine's
    /// layer, so that a commit has it. Mounts hold directories, not names, and notice nothing. What lies on another file system
    /// than the engine's stays where it is.
    /// </summary>
    public static void Show(IReadOnlyList<StorageEntry> entries)
    {
        foreach (StorageEntry entry in entries)
        {
            using Fd? directory = TryOpenOwn(entry.Directory);
            using Fd? layer = directory is null ? null : TryOpenLayer(entry);
            if (layer is null || IsShown(directory!) || (!entry.HasLower && LayerView.IsEmpty(directory!)))
            {
                continue;
            }

            using Fd parent = OpenHomeParent(layer, entry);
            ShowOne(entry, directory!, parent);
        }
    }

    /// <summary>Undoes <see cref="Show"/>, before anything is thawed.</summary>
    public static void Hide(IReadOnlyList<StorageEntry> entries)
    {
        foreach (StorageEntry entry in entries)
        {
            using Fd? place = TryOpenOwn(entry.Directory);
            if (place is null || !IsShown(place) || TryOpenLayer(entry) is not Fd layer)
            {
                continue;
            }

            using (layer)
            {
                using Fd parent = OpenHomeParent(layer, entry);
                string name = Path.GetFileName(entry.Destination);
                Require(Directories.TryExchange(parent, name, Fd.CurrentDirectory, entry.Directory), entry);
                Xattr.Remove(place, StorageMarks.Shown);
                using Fd? content = TryOpenOwn(entry.Directory);
                LayerDifference.Undo(content!, entry.Kind);
            }
        }
    }

    static void ShowOne(StorageEntry entry, Fd directory, Fd parent)
    {
        string name = Path.GetFileName(entry.Destination);
        bool made = Directories.TryMake(parent, name, Private);
        using Fd? home = TryOpenHome(parent, name);
        if (home is null || !LayerView.IsEmpty(home) || Stat.Of(home).stx_dev_minor != Stat.Of(directory).stx_dev_minor)
        {
            _ = made ? Directories.TryRemove(parent, name) : Errno.None;
            return;
        }

        InnerOpacity.ToOuter(directory, entry.Kind);
        LayerDifference.Make(directory, entry);
        // A note on what is about to stand in the content's place. Without the exchange it means nothing.
        StorageMarks.Set(home, StorageMarks.Shown);
        Require(Directories.TryExchange(parent, name, Fd.CurrentDirectory, entry.Directory), entry);
    }

    static bool IsShown(Fd directory) => StorageMarks.Has(directory, StorageMarks.Shown);

    static void Require(Errno errno, StorageEntry entry) =>
        _ = errno == Errno.None ? 0 : throw new KernelException(errno, "renameat2 RENAME_EXCHANGE", entry.Home);
}
