using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

public static partial class InnerStorage
{
    /// <summary>
    /// While all of the container's processes are frozen: puts its content into the engine's layer, so that a commit has it, in
    /// exchange for the empty mount points there. Mounts hold directories, not names, and notice nothing. On another file system
    /// than the engine's it has to be copied.
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
            using Fd? layer = place is null ? null : TryOpenLayer(entry);
            if (layer is null)
            {
                continue;
            }

            bool isExchanged = IsShown(place!);
            if (isExchanged || StorageMarks.Has(place!, StorageMarks.Supersedes))
            {
                using Fd parent = OpenHomeParent(layer, entry);
                HideOne(entry, place!, parent, isExchanged);
            }
        }
    }

    static void ShowOne(StorageEntry entry, Fd directory, Fd parent)
    {
        string name = Path.GetFileName(entry.Destination);
        Directories.TryMake(parent, name, Private);
        using Fd? home = LayerPath.TryOpen(parent, name);
        // Something has been put there from outside.
        if (home is null || !LayerView.IsEmpty(home))
        {
            return;
        }

        InnerOpacity.ToOuter(directory, entry.Kind);
        // A note on what is about to stand in the content's place. Without the exchange it means nothing.
        StorageMarks.Set(home, StorageMarks.Shown);
        LayerDifference.Make(directory, entry);
        Errno errno = Exchange(entry, parent);
        if (errno == Errno.EXDEV)
        {
            StorageMarks.Strip(home);
            LayerDifference.Undo(directory, entry.Kind);
            StorageMarks.Set(directory, StorageMarks.Supersedes, home);
            TreeCopy.Contents(directory, home);
            TreeCopy.Attributes(directory, home);
            StorageMarks.Strip(home);
            LayerDifference.Make(home, entry);
        }
        else if (errno != Errno.None)
        {
            throw new KernelException(errno, "renameat2 RENAME_EXCHANGE", entry.Home);
        }
    }

    static void HideOne(StorageEntry entry, Fd place, Fd parent, bool isExchanged)
    {
        if (!isExchanged)
        {
            using Fd? home = LayerPath.TryOpen(parent, Path.GetFileName(entry.Destination));
            Reconcile(entry, place, home);
            StorageMarks.Strip(home!);
            return;
        }

        Errno errno = Exchange(entry, parent);
        KernelException.Require(errno, "renameat2 RENAME_EXCHANGE", entry.Home);
        Xattr.Remove(place, StorageMarks.Shown);
        using Fd? content = TryOpenOwn(entry.Directory);
        LayerDifference.Undo(content!, entry.Kind);
    }

    static bool IsShown(Fd directory) => StorageMarks.Has(directory, StorageMarks.Shown);

    static Errno Exchange(StorageEntry entry, Fd parent)
    {
        using Fd storage = StorageRename.OpenParent(entry.Directory);
        return StorageRename.TryExchange(parent, Path.GetFileName(entry.Destination), storage, entry.ContainerId);
    }
}
