using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>Where inner engines keep the layers of images and containers below the paths of <see cref="StorageKinds"/>.</summary>
/// <remarks>Everything here is the container's or an image's to write: no link is followed.</remarks>
static class InnerLayers
{
    const OpenFlags Readable = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
    const ResolveFlags Careful = ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_BENEATH;
    const string Snapshots = "io.containerd.snapshotter.v1.overlayfs/snapshots";

    static readonly Place[] Places =
    [
        new(StorageKinds.Docker, "overlay2", "diff", Committed: "committed"),
        new(StorageKinds.Docker, $"containerd/daemon/{Snapshots}", "fs"),
        new("containerd", Snapshots, "fs"),
        new("containers", "storage/overlay", "diff"),
        new("buildkit", "runc-overlayfs/snapshots/snapshots", "fs"),
        new("k3s", $"agent/containerd/{Snapshots}", "fs"),
        new("rke2", $"agent/containerd/{Snapshots}", "fs"),
        new("k0s", $"containerd/{Snapshots}", "fs"),
    ];

    /// <summary>In a directory with one entry a layer, each of which holds the layer's tree in a directory of one name.</summary>
    /// <param name="Committed">
    /// A file beside the tree that says that nobody will write to it any more. Null where only the engine's database tells.
    /// </param>
    readonly record struct Place(string Kind, string Directory, string Tree, string? Committed = null);

    /// <summary>The layers' trees, by their paths below a storage directory of a kind; not all need exist.</summary>
    public static IEnumerable<string> Find(Fd storage, string kind) =>
        Places.Where(place => place.Kind == kind).SelectMany(place => Names(storage, place.Directory).Select(name => $"{place.Directory}/{name}/{place.Tree}"));

    /// <summary>Those that their engine only reads.</summary>
    public static IEnumerable<string> FindCommitted(Fd storage, string kind) =>
        from place in Places
        where place.Kind == kind && place.Committed is not null
        from name in Names(storage, place.Directory)
        where Exists(storage, $"{place.Directory}/{name}/{place.Committed}")
        select $"{place.Directory}/{name}/{place.Tree}";

    /// <summary>Null for what is no directory, or not there.</summary>
    public static Fd? TryOpen(Fd storage, string path)
    {
        Errno errno = OpenAt2.TryOpen(storage, path, Readable, Careful, 0, out Fd? tree);
        return errno is Errno.None or Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP
            ? tree
            : throw new KernelException(errno, "open", path);
    }

    static List<string> Names(Fd storage, string path)
    {
        using Fd? directory = TryOpen(storage, path);
        return directory is null ? [] : Directories.List(directory);
    }

    static bool Exists(Fd storage, string path)
    {
        bool exists = OpenAt2.TryOpen(storage, path, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, Careful, 0, out Fd? found) == Errno.None;
        found?.Dispose();
        return exists;
    }
}
