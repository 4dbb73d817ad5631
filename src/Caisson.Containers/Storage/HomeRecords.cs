using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// Which engine's layer the storage of a container belongs to: one symbolic link a container in the storage root's directory
/// homes, named by the container's id and pointing to the layer. A link is made and read in one call each and is never torn.
/// </summary>
/// <remarks>
/// A record comes before the directories it speaks of and goes after them. The lock on the directory is taken by whoever
/// discards what a record speaks of; making a record where none is needs no lock.
/// </remarks>
sealed class HomeRecords : IDisposable
{
    const string DirectoryName = "homes";
    const string NoLayer = "-";
    const uint Private = 0x1C0; // 0700

    readonly string _storageRoot;
    readonly Fd _directory;

    HomeRecords(string storageRoot, Fd directory) => (_storageRoot, _directory) = (storageRoot, directory);

    /// <summary>Null where no container has ever had storage.</summary>
    public static HomeRecords? TryOpen(string storageRoot)
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, $"{storageRoot}/{DirectoryName}", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0, 0, out Fd? directory);
        return errno switch
        {
            Errno.None => new HomeRecords(storageRoot, directory!),
            Errno.ENOENT => null,
            _ => throw new KernelException(errno, "open", $"{storageRoot}/{DirectoryName}"),
        };
    }

    public static HomeRecords Open(string storageRoot)
    {
        if (TryOpen(storageRoot) is HomeRecords there)
        {
            return there;
        }

        Directories.MakeAll($"{storageRoot}/{DirectoryName}", Private);
        return TryOpen(storageRoot) ?? throw new KernelException(Errno.ENOENT, "open", storageRoot);
    }

    public List<string> ContainerIds() => Directories.List(_directory);

    /// <summary>
    /// Records the layer. What a container of the same id, whose layer is gone, has left is discarded; that of one which still
    /// exists, in another engine or namespace, is an error.
    /// </summary>
    public void Claim(string containerId, string layer)
    {
        string target = layer.Length == 0 ? NoLayer : layer;
        if (TryRecord(target, containerId) || Nodes.TryReadLink(_directory, containerId) == target)
        {
            return;
        }

        using Fd locked = Lock();
        string? other = Nodes.TryReadLink(_directory, containerId);
        if (other == target)
        {
            return;
        }

        if (other is not null)
        {
            if (other[0] == '/' && IsThere(other))
            {
                throw new UserError(
                    $"the storage of a container '{containerId}' of another engine, which lives in {other}, is in {_storageRoot}",
                    "remove that container, or give this one another id");
            }

            Discard(containerId);
        }

        if (!TryRecord(target, containerId))
        {
            throw new KernelException(Errno.EEXIST, "symlink", containerId);
        }
    }

    /// <summary>False where the id's storage is recorded as that of a container with another layer.</summary>
    /// <param name="layers">Those that the container may have claimed; none where it is known to own it.</param>
    public bool IsOf(string containerId, IReadOnlyCollection<string> layers) =>
        layers.Count == 0
        || Nodes.TryReadLink(_directory, containerId) is not string recorded
        || recorded == NoLayer
        || layers.Contains(recorded);

    public void Release(string containerId) => Directories.TryUnlink(_directory, containerId);

    /// <summary>Discards the storage of a container without a state, if its layer is gone as well.</summary>
    public bool TryDiscardOrphan(string containerId)
    {
        if (Nodes.TryReadLink(_directory, containerId) is not string layer || MayBeNeeded(layer))
        {
            return false;
        }

        using Fd locked = Lock();
        // A container of this id may have been created since.
        if (Nodes.TryReadLink(_directory, containerId) != layer)
        {
            return false;
        }

        Discard(containerId);
        return true;
    }

    public void Dispose() => _directory.Dispose();

    void Discard(string containerId)
    {
        RemovedStorage.Take(_storageRoot, containerId);
        Release(containerId);
    }

    bool TryRecord(string target, string containerId)
    {
        Errno errno = Nodes.TrySymlink(target, _directory, containerId);
        return errno is Errno.None or Errno.EEXIST ? errno == Errno.None : throw new KernelException(errno, "symlink", containerId);
    }

    // A lock lives as long as the open file, so it needs one of its own.
    Fd Lock()
    {
        Fd opened = OpenAt2.Open(_directory, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        FileSystems.Lock(opened);
        return opened;
    }

    // Engines keep a container's layer two levels below their store (overlay2/<id>/diff, snapshots/<n>/fs, overlay/<id>/diff).
    // A store that is missing as a whole is rather a disk that is not mounted yet than a container that was removed.
    static bool MayBeNeeded(string layer) => layer[0] == '/'
        && (IsThere(layer) || !IsThere(Path.GetDirectoryName(Path.GetDirectoryName(layer)) ?? "/"));

    // Any failure but "it does not exist" tells nothing about the layer.
    static bool IsThere(string path) =>
        Stat.TryOf(Fd.CurrentDirectory, path, out _) is not (Errno.ENOENT or Errno.ENOTDIR);
}
