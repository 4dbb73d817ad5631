using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

public static partial class InnerStorage
{
    /// <summary>Beside a home on another file system, while the content is copied there.</summary>
    const string ArrivingPrefix = ".caisson~";

    static void TakeOneHome(StorageEntry entry)
    {
        // An empty directory is worth keeping only where it hides what lower layers have: the container deleted it.
        if (!entry.HasLower
            && Directories.TryRemove(Fd.CurrentDirectory, entry.Directory) is var errno and not (Errno.ENOTEMPTY or Errno.EEXIST))
        {
            _ = errno is Errno.None or Errno.ENOENT ? 0 : throw new KernelException(errno, "rmdir", entry.Directory);
            return;
        }

        using Fd? directory = TryOpenOwn(entry.Directory);
        if (directory is null)
        {
            return;
        }

        // It was paused: what stands here is an empty mount point.
        if (IsShown(directory) && Directories.TryRemove(Fd.CurrentDirectory, entry.Directory) == Errno.None)
        {
            return;
        }

        using Fd? layer = TryOpenLayer(entry);
        if (layer is null)
        {
            // The engine has removed the container, so this was its only content.
            RemoveOwn(entry.Directory);
            return;
        }

        using Fd parent = OpenHomeParent(layer, entry);
        MoveHome(entry, directory, parent);
    }

    static void MoveHome(StorageEntry entry, Fd directory, Fd parent)
    {
        string name = Path.GetFileName(entry.Destination);
        using (Fd? home = LayerPath.TryOpen(parent, name))
        {
            if (Reconcile(entry, directory, home))
            {
                return;
            }
        }

        InnerOpacity.ToOuter(directory, entry.Kind);
        LayerDifference.Make(directory, entry);
        if (Stat.TryOfLink(parent, name, out statx there) == Errno.None && TreeCopy.IsWhiteout(there))
        {
            // Hides the same as what comes now.
            Directories.TryUnlink(parent, name);
        }

        // Replaces an empty directory, and nothing else.
        using Fd storage = StorageRename.OpenParent(entry.Directory);
        Errno errno = StorageRename.TryMove(storage, entry.ContainerId, parent, name);
        switch (errno)
        {
            case Errno.None:
                return;
            case Errno.EXDEV:
                CopyHome(entry, directory, parent, name);
                return;
            case Errno.ENOTEMPTY or Errno.EEXIST:
                throw new ContainerException($"{entry.Home} is not empty");
            case Errno.ENOTDIR:
                throw new ContainerException($"{entry.Home} is no directory");
            default:
                throw new KernelException(errno, "rename", entry.Home);
        }
    }

    static void CopyHome(StorageEntry entry, Fd directory, Fd parent, string name)
    {
        string arriving = ArrivingPrefix + name;
        TreeCopy.Remove(parent, arriving);
        Directories.TryMake(parent, arriving, Private);
        using (Fd target = OpenAt2.Open(parent, arriving, OwnDirectory, LayerPath.Careful))
        {
            TreeCopy.Contents(directory, target);
            TreeCopy.Attributes(directory, target);
            StorageMarks.Strip(target);
            LayerDifference.Make(target, entry);
            StorageMarks.Set(directory, StorageMarks.SupersededBy, target);
            TreeCopy.Flush(target);
        }

        Errno errno = Directories.TryRename(parent, arriving, parent, name);
        if (errno != Errno.None)
        {
            TreeCopy.Remove(parent, arriving);
            throw errno is Errno.ENOTEMPTY or Errno.EEXIST
                ? new ContainerException($"{entry.Home} is not empty")
                : new KernelException(errno, "rename", entry.Home);
        }

        RemoveOwn(entry.Directory);
    }

    /// <summary>Null where the engine has removed the layer, or there never was one.</summary>
    static Fd? TryOpenLayer(StorageEntry entry)
    {
        if (entry.Layer.Length == 0)
        {
            return null;
        }

        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, entry.Layer, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0, 0, out Fd? layer);
        return errno is Errno.None or Errno.ENOENT ? layer : throw new KernelException(errno, "open", entry.Layer);
    }

    // Everything below the layer was the container's to write.
    static Fd OpenHomeParent(Fd layer, StorageEntry entry)
    {
        string[] names = entry.Destination[1..].Split('/');
        Fd at = OpenAt2.Open(layer, ".", OwnDirectory);
        foreach (string name in names[..^1])
        {
            Fd parent = at;
            using (parent)
            {
                Errno errno = OpenAt2.TryOpen(parent, name, OwnDirectory, LayerPath.Careful, 0, out Fd? next);
                if (errno == Errno.ENOENT)
                {
                    Directories.TryMake(parent, name, 0x1ED /* 0755 */);
                    errno = OpenAt2.TryOpen(parent, name, OwnDirectory, LayerPath.Careful, 0, out next);
                }

                at = errno switch
                {
                    Errno.None => next!,
                    Errno.ELOOP or Errno.ENOTDIR => throw new ContainerException($"'{name}' in {entry.Home} is no directory"),
                    _ => throw new KernelException(errno, "open", entry.Home),
                };
            }
        }

        return at;
    }
}
