using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// A second overlay over the engine's layers, each layer ID-mapped, so that on disk every file stays owned by the ids that
/// the image has and nothing is ever chowned. The kernel cannot ID-map an overlay itself, but takes ID-mapped layers since
/// Linux 5.19.
/// </summary>
sealed class OverlayRootfs : IDisposable
{
    const string WorkName = "caisson-work";
    const string RootName = "root";
    const uint Private = 0x1C0; // 0700

    readonly OverlayLayers _layers;
    readonly List<(string Path, Fd Tree)> _lower = [];
    readonly Fd _upperParent;

    OverlayRootfs(OverlayLayers layers, Fd upperParent)
    {
        _layers = layers;
        _upperParent = upperParent;
    }

    string UpperParentPath => Path.GetDirectoryName(_layers.Upper!)!;

    /// <summary>Takes detached copies of all layers, while the engine's paths mean what they say.</summary>
    public static OverlayRootfs Open(OverlayLayers layers)
    {
        string parentPath = Path.GetDirectoryName(layers.Upper!)!;
        using Fd parent = OpenAt2.Open(parentPath, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        // Two overlays must not share a work directory. What a killed run left in it the kernel cleans up at the next mount.
        Directories.TryMake(parent, WorkName, Private);
        OverlayRootfs rootfs = new(layers, MountTree.Clone(parent, recursive: false, parentPath));
        foreach (string path in layers.Lower)
        {
            using Fd layer = OpenAt2.Open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            rootfs._lower.Add((path, MountTree.Clone(layer, recursive: false, path)));
        }

        return rootfs;
    }

    /// <summary>
    /// Mounts it in the calling thread's own mount namespace, below a tmpfs that covers <paramref name="stage"/> there: the old
    /// overlay options name layers by path, and short names leave room for all of them on the one page that mount(2) takes.
    /// </summary>
    public Fd Mount(Fd stage, Fd userNamespace, IdMaps ids)
    {
        using (FsContext tmpfs = FsContext.Open("tmpfs"))
        {
            tmpfs.SetString("mode", "0755");
            using Fd staging = tmpfs.CreateMount(MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV);
            MountTree.Attach(staging, stage, "the staging directory");
            WorkingDirectory.Change(staging, "the staging directory");
        }

        Attach(_upperParent, "u", userNamespace, UpperParentPath);
        for (int i = 0; i < _lower.Count; i++)
        {
            Attach(_lower[i].Tree, i.ToString(), userNamespace, _lower[i].Path);
        }

        string options = string.Join(
            ',',
            [
                $"lowerdir={string.Join(':', Enumerable.Range(0, _lower.Count))}",
                $"upperdir=u/{Quote(Path.GetFileName(_layers.Upper!))}",
                $"workdir=u/{WorkName}",
                .. _layers.Options,
            ]);
        Directories.TryMake(Fd.CurrentDirectory, RootName, 0x1ED /* 0755 */);
        // The overlay makes files in its work directory as whoever mounts it: with fsuid 0, which the layers do not map, it
        // answers EOVERFLOW and stays read-only.
        using (FsIdentity.Become(ids.RootUid, ids.RootGid))
        {
            Errno errno = Kernel.Mounts.Mount.TryNew("overlay", RootName, "overlay", MountFlags.None, options);
            if (errno != Errno.None)
            {
                throw new KernelException(errno, "mount overlay", options);
            }
        }

        return OpenAt2.Open(RootName, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
    }

    public void Dispose()
    {
        _upperParent.Dispose();
        _lower.ForEach(layer => layer.Tree.Dispose());
    }

    static void Attach(Fd tree, string name, Fd userNamespace, string path)
    {
        Directories.TryMake(Fd.CurrentDirectory, name, Private);
        IdMapping.Require(tree, userNamespace, path);
        using Fd target = OpenAt2.Open(name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        MountTree.Attach(tree, target, path);
    }

    static string Quote(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal);
}
