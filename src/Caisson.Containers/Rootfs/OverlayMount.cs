using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// An overlay over layers of the host, each of which may be ID-mapped, so that on disk every file stays owned by the ids that
/// the image has and nothing is ever chowned. The kernel cannot ID-map an overlay itself, but takes ID-mapped layers since
/// Linux 5.19.
/// </summary>
sealed class OverlayMount : IDisposable
{
    const string WorkName = "caisson-work";
    const string MountName = "root";
    const uint Private = 0x1C0; // 0700

    readonly List<(string Path, Fd Tree)> _lower = [];
    readonly IReadOnlyList<string> _options;
    string _writablePath = "";
    Fd? _writable;
    string _upper = "";
    string _work = "";

    OverlayMount(OverlayLayers layers)
    {
        _options = layers.Options;
        foreach (string path in layers.Lower)
        {
            using Fd layer = OpenAt2.Open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            _lower.Add((path, MountTree.Clone(layer, recursive: false, path)));
        }
    }

    /// <summary>
    /// Takes detached copies of all layers, while the host's paths mean what they say. With those of a root file system that
    /// the engine has mounted already: two overlays must not share a work directory, so this one gets its own beside the upper
    /// one. What a killed run left in it the kernel cleans up at the next mount.
    /// </summary>
    public static OverlayMount OpenRootfs(OverlayLayers layers) => Open(layers with { Work = MakeWork(layers.Upper!) });

    /// <summary>Makes the work directory of a root file system, unless it is there; returns its path.</summary>
    public static string MakeWork(string upper)
    {
        string parentPath = Path.GetDirectoryName(upper)!;
        using Fd parent = OpenAt2.Open(parentPath, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Directories.TryMake(parent, WorkName, Private);
        return Path.Combine(parentPath, WorkName);
    }

    public static OverlayMount Open(OverlayLayers layers)
    {
        OverlayMount overlay = new(layers);
        if (layers is { Upper: { } upper, Work: { } work })
        {
            // The kernel wants both on one mount.
            overlay._writablePath = CommonDirectory(upper, work);
            overlay._upper = Path.GetRelativePath(overlay._writablePath, upper);
            overlay._work = Path.GetRelativePath(overlay._writablePath, work);
            using Fd directory = OpenAt2.Open(overlay._writablePath, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            overlay._writable = MountTree.Clone(directory, recursive: false, overlay._writablePath);
        }

        return overlay;
    }

    /// <summary>
    /// Mounts it in the calling thread's own mount namespace, below a tmpfs that covers <paramref name="stage"/> there: the old
    /// overlay options name layers by path, and short names leave room for all of them on the one page that mount(2) takes.
    /// </summary>
    /// <param name="stage">Any directory.</param>
    /// <param name="userNamespace">Whose ids the layers are mapped to; null for none.</param>
    /// <param name="ids">Those of the user namespace.</param>
    public Fd Mount(Fd stage, Fd? userNamespace, IdMaps ids)
    {
        Staging.Enter(stage);
        List<string> options = [];
        for (int i = 0; i < _lower.Count; i++)
        {
            Attach(_lower[i].Tree, i.ToString(), userNamespace, _lower[i].Path);
        }

        options.Add($"lowerdir={string.Join(':', Enumerable.Range(0, _lower.Count))}");
        if (_writable is not null)
        {
            Attach(_writable, "u", userNamespace, _writablePath);
            options.Add($"upperdir=u/{Quote(_upper)}");
            options.Add($"workdir=u/{Quote(_work)}");
        }

        // The overlay makes files in its work directory as whoever mounts it: with fsuid 0, which the layers do not map, it
        // answers EOVERFLOW and stays read-only.
        using FsIdentity identity = userNamespace is null ? FsIdentity.Become(0, 0) : FsIdentity.Become(ids.RootUid, ids.RootGid);
        return Staging.Mount("overlay", "overlay", MountName, string.Join(',', [.. options, .. _options]));
    }

    public void Dispose()
    {
        _writable?.Dispose();
        _lower.ForEach(layer => layer.Tree.Dispose());
    }

    static void Attach(Fd tree, string name, Fd? userNamespace, string path)
    {
        Directories.TryMake(Fd.CurrentDirectory, name, Private);
        if (userNamespace is not null)
        {
            IdMapping.Require(tree, userNamespace, path);
        }

        using Fd target = OpenAt2.Open(name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        MountTree.Attach(tree, target, path);
    }

    static string CommonDirectory(string one, string other)
    {
        string directory = Path.GetDirectoryName(one)!;
        while (!MountPlanner.IsBelow(other, directory))
        {
            directory = Path.GetDirectoryName(directory)!;
        }

        return directory;
    }

    static string Quote(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
}
