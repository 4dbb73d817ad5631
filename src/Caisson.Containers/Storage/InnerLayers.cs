using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>Where inner engines keep the layers of images and containers below the paths of <see cref="StorageKinds"/>.</summary>
static class InnerLayers
{
    const int LongestName = 256;
    const string Snapshots = "io.containerd.snapshotter.v1.overlayfs/snapshots";

    static readonly Place[] Places =
    [
        new(StorageKinds.Docker, "overlay2", "diff", Images: "image/overlay2/layerdb/sha256"),
        new(StorageKinds.Docker, $"containerd/daemon/{Snapshots}", "fs"),
        new("containerd", Snapshots, "fs"),
        new("containers", "storage/overlay", "diff"),
        new("buildkit", "runc-overlayfs/snapshots/snapshots", "fs"),
        new("k3s", $"agent/containerd/{Snapshots}", "fs"),
        new("rke2", $"agent/containerd/{Snapshots}", "fs"),
        new("k0s", $"containerd/{Snapshots}", "fs"),
    ];

    /// <summary>In a directory with one entry a layer, each of which holds the layer's tree in a directory of one name.</summary>
    /// <param name="Images">
    /// A directory with one entry for each layer of an image, whose file cache-id names the layer. Null where only a database
    /// tells them from those that containers write to.
    /// </param>
    sealed record Place(string Kind, string Directory, string Tree, string? Images = null);

    /// <summary>The layers' trees, by their paths below a storage directory of a kind; not all need exist.</summary>
    public static List<string> Find(Fd storage, string kind)
    {
        List<string> found = [];
        foreach (Place place in Places)
        {
            if (place.Kind == kind)
            {
                found.AddRange(Names(storage, place.Directory).Select(name => $"{place.Directory}/{name}/{place.Tree}"));
            }
        }

        return found;
    }

    /// <summary>Those that their engine only reads.</summary>
    public static List<string> FindCommitted(Fd storage, string kind)
    {
        List<string> found = [];
        foreach (Place place in Places)
        {
            if (place.Kind == kind && place.Images is { } images)
            {
                found.AddRange(Names(storage, images).Select(entry => ReadName(storage, $"{images}/{entry}/cache-id"))
                    .OfType<string>().Select(name => $"{place.Directory}/{name}/{place.Tree}"));
            }
        }

        return found;
    }

    static List<string> Names(Fd storage, string path)
    {
        using Fd? directory = LayerPath.TryOpen(storage, path);
        return directory is null ? [] : Directories.List(directory);
    }

    static string? ReadName(Fd storage, string path)
    {
        if (OpenAt2.TryOpen(storage, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK, LayerPath.Careful, 0, out Fd? file) != Errno.None)
        {
            return null;
        }

        using (file)
        {
            Span<byte> text = stackalloc byte[LongestName];
            int length = Stat.Of(file!).Kind == FileKind.Regular ? FileText.ReadSome(file!, text, path) : 0;
            string name = Encoding.UTF8.GetString(text[..length]).Trim();
            return name.Length is 0 or LongestName || name is "." or ".." || name.Contains('/') || name.Contains('\0') ? null : name;
        }
    }
}
