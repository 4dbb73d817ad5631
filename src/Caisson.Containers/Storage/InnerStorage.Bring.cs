using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

public static partial class InnerStorage
{
    const uint Private = 0x1C0; // 0700
    const OpenFlags OwnDirectory = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    static StorageEntry BringOne(StorageEntry entry, LayerStack stack)
    {
        if (!stack.MayCarry(entry.Destination))
        {
            // An existing one was left by a crash, with what it holds.
            MakeEmpty(entry);
            return entry;
        }

        using LayerView view = stack.View(entry.Destination);
        entry = entry with { HasLower = view.LowerHasContent };
        if (!IsInPlace(entry, view))
        {
            entry = Fetch(entry, view, stack);
        }

        return entry.HasLower ? WithShared(entry, view) : entry;
    }

    static StorageEntry WithShared(StorageEntry entry, LayerView view)
    {
        using Fd directory = OpenAt2.Open(entry.Directory, OwnDirectory);
        LayerDifference.Undo(directory, entry.Kind);
        List<SharedLayer> shared = SharedLayers.InUse(directory, entry.Kind, view);
        return shared.Count == 0 ? entry : entry with { Shared = shared, Lower = [.. view.Lower.Select(layer => layer.Name)] };
    }

    static void MakeEmpty(StorageEntry entry)
    {
        uint mode = StorageKinds.ModeOf(entry.Kind);
        bool made;
        try
        {
            made = Directories.TryMake(Fd.CurrentDirectory, entry.Directory, mode);
        }
        catch (KernelException failure) when (failure.Errno == Errno.ENOENT)
        {
            Directories.MakeAll(Path.GetDirectoryName(entry.Directory)!, Private);
            made = Directories.TryMake(Fd.CurrentDirectory, entry.Directory, mode);
        }

        if (made)
        {
            // Whatever the umask.
            Nodes.ChangeMode(Fd.CurrentDirectory, entry.Directory, mode);
        }
    }

    // Left by a crash, or by a move that was interrupted.
    static bool IsInPlace(StorageEntry entry, LayerView view)
    {
        using Fd? directory = TryOpenOwn(entry.Directory);
        if (directory is null)
        {
            return false;
        }

        // The engine or the host crashed while the container was paused: its content is at home.
        if (IsShown(directory) && Directories.TryRemove(Fd.CurrentDirectory, entry.Directory) == Errno.None)
        {
            return false;
        }

        if (Reconcile(entry, directory, view.Home))
        {
            return false;
        }

        // An empty one stands for nothing if something has come to the other place since (docker cp into a stopped container).
        if (view.HomeHasContent && Directories.TryRemove(Fd.CurrentDirectory, entry.Directory) == Errno.None)
        {
            return false;
        }

        if (entry.HasLower)
        {
            Xattr.Set(directory, LayerStack.Opaque, "y"u8);
        }

        return true;
    }

    /// <summary>Finishes an interrupted move that was a copy; true when the directory was the old one of the two and is gone.</summary>
    static bool Reconcile(StorageEntry entry, Fd directory, Fd? home)
    {
        ulong inode = home is null ? 0 : Stat.Of(home).stx_ino;
        if (StorageMarks.Names(directory, StorageMarks.SupersededBy, inode))
        {
            RemoveOwn(entry.Directory);
            return true;
        }

        if (StorageMarks.Has(directory, StorageMarks.Supersedes))
        {
            if (StorageMarks.Names(directory, StorageMarks.Supersedes, inode))
            {
                TreeCopy.RemoveContents(home!);
            }

            Xattr.Remove(directory, StorageMarks.Supersedes);
        }

        return false;
    }

    static StorageEntry Fetch(StorageEntry entry, LayerView view, LayerStack stack)
    {
        bool homeCounts = view.HomeHasContent;
        // One that has been made the difference to the lower layers is whole with what it shares with them.
        bool isDifference = homeCounts && StorageMarks.Has(view.Home!, StorageMarks.Difference);
        bool lowerCounts = entry.HasLower && !view.HomeIsOpaque && !isDifference;
        if (lowerCounts)
        {
            // Bottom-most first.
            List<Fd> layers = [.. Enumerable.Reverse(view.Lower).Select(layer => layer.Directory)];
            layers.AddRange(homeCounts ? [view.Home!] : []);
            List<SharedLayer> shared = SharedLayers.Find(entry.Kind, view);
            Compose(entry, layers, view.Home ?? view.Lower[0].Directory, homeCounts ? view.Home : null, shared);
        }
        else if (homeCounts)
        {
            return MoveIn(entry, view);
        }
        else
        {
            MakeEmpty(entry);
            // An image that carries the empty directory may have given it to somebody.
            if (!view.HomeIsOpaque && view.Lower.Count > 0)
            {
                using Fd made = OpenAt2.Open(entry.Directory, OwnDirectory);
                TreeCopy.Attributes(view.Lower[0].Directory, made);
                StorageMarks.Strip(made);
            }
        }

        if (entry.HasLower)
        {
            // Only where content can come home to a lower layer's directory: otherwise the mount point is there, or overlayfs
            // makes it together with its parents.
            using (Fd made = OpenAt2.Open(entry.Directory, OwnDirectory))
            {
                Xattr.Set(made, LayerStack.Opaque, "y"u8);
            }

            if (stack.Upper is not null)
            {
                stack.CopyUpParents(entry.Destination);
            }
        }

        return entry;
    }

    static Fd? TryOpenOwn(string directory)
    {
        Errno errno = OpenAt2.TryOpen(Fd.CurrentDirectory, directory, OwnDirectory, 0, 0, out Fd? opened);
        return errno is Errno.None or Errno.ENOENT ? opened : throw new KernelException(errno, "open", directory);
    }

    static void RemoveOwn(string directory)
    {
        using Fd? parent = TryOpenOwn(Path.GetDirectoryName(directory)!);
        if (parent is not null)
        {
            TreeCopy.Remove(parent, Path.GetFileName(directory));
        }
    }
}
