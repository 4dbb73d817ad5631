using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

public static partial class InnerStorage
{
    static StorageEntry MoveIn(StorageEntry entry, LayerView view)
    {
        Directories.MakeAll(Path.GetDirectoryName(entry.Directory)!, Private);
        string name = Path.GetFileName(entry.Destination);
        using Fd storage = StorageRename.OpenParent(entry.Directory);
        Errno errno = StorageRename.TryMove(view.HomeParent!, name, storage, entry.ContainerId);
        switch (errno)
        {
            case Errno.None:
                LeaveMountPoint(entry, view, name);
                return entry;
            case Errno.EXDEV:
                Compose(entry, [view.Home!], view.Home!, view.Home, []);
                return entry;
            case Errno.EROFS:
                // Nothing can be taken from there, nor come back.
                Compose(entry, [view.Home!], view.Home!, superseded: null, []);
                return entry with { Home = "" };
            case Errno.EBUSY:
                throw new UserError(
                    $"something is mounted on the host at {entry.Home}", $"give it to the container as a volume at {entry.Destination}");
            default:
                throw new KernelException(errno, "rename", entry.Home);
        }
    }

    static void LeaveMountPoint(StorageEntry entry, LayerView view, string name)
    {
        using Fd moved = OpenAt2.Open(entry.Directory, OwnDirectory);
        if (!Stat.Of(moved).IsSameInode(Stat.Of(view.Home!)))
        {
            throw new ContainerException($"{entry.Home} was exchanged while it was moved");
        }

        if (Directories.TryMake(view.HomeParent!, name, Private))
        {
            const ResolveFlags careful = ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_BENEATH;
            using Fd mountPoint = OpenAt2.Open(view.HomeParent!, name, OwnDirectory, careful);
            TreeCopy.Attributes(moved, mountPoint);
            StorageMarks.Strip(mountPoint);
        }
    }

    // Aside first, then renamed: a kill leaves nothing in place.
    static void Compose(StorageEntry entry, List<Fd> layers, Fd attributes, Fd? superseded, List<SharedLayer> shared)
    {
        string parent = Path.GetDirectoryName(entry.Directory)!;
        string aside = entry.ArrivingDirectory;
        Directories.MakeAll(parent, Private);
        Directories.MakeAll(aside, Private);
        using Fd arriving = OpenAt2.Open(aside, OwnDirectory);
        TreeCopy.Remove(arriving, entry.Kind);
        Directories.TryMake(arriving, entry.Kind, Private);
        using Fd target = OpenAt2.Open(arriving, entry.Kind, OwnDirectory);
        // A layer that is alone is copied as it lies on disk. Of several, an upper one may mean to delete what a lower one has.
        HashSet<string> stay = [.. shared.Select(layer => layer.Path)];
        TreeCopy.Contents(layers[0], target, emptied: stay);
        foreach (Fd layer in layers.Skip(1))
        {
            TreeCopy.Layer(layer, target, emptied: stay);
        }

        foreach (string path in stay)
        {
            using Fd? place = LayerPath.TryOpen(target, path);
            StorageMarks.Set(place!, StorageMarks.Shared);
        }

        InnerOpacity.ToInner(target, entry.Kind);
        TreeCopy.Attributes(attributes, target);
        StorageMarks.Strip(target);
        if (entry.HasLower)
        {
            Xattr.Set(target, LayerStack.Opaque, "y"u8);
        }

        if (superseded is not null)
        {
            StorageMarks.Set(target, StorageMarks.Supersedes, superseded);
            TreeCopy.Flush(target);
        }

        Directories.Rename(arriving, entry.Kind, Fd.CurrentDirectory, entry.Directory);
        Directories.TryRemove(Fd.CurrentDirectory, aside);
        if (superseded is not null)
        {
            TreeCopy.RemoveContents(superseded);
            Xattr.Remove(target, StorageMarks.Supersedes);
        }
    }
}
