using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Lifecycle;

/// <summary>The root file system as the engine prepared it: what it lies on, whose it is, what its image says.</summary>
sealed class EngineRootfs : IDisposable
{
    EngineRootfs(Fd directory, statx stat, OverlayLayers? layers)
    {
        Directory = directory;
        Stat = stat;
        Layers = layers;
    }

    public Fd Directory { get; }

    public statx Stat { get; }

    /// <summary>Null where it is no overlay, or not the top of one that can be mounted again.</summary>
    public OverlayLayers? Layers { get; }

    public RootedPath Root => new(Directory);

    public static EngineRootfs Open(string path)
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? directory);
        if (errno != Errno.None)
        {
            throw new UserError($"/root/path: open '{path}': {errno.Describe()}", "let it name the directory of the root file system");
        }

        statx stat = Kernel.Files.Stat.Of(directory!);
        OverlayLayers? layers = FileSystems.MagicOf(directory!) == FileSystems.OVERLAYFS_SUPER_MAGIC
            && MountInfo.Find(FileText.ReadBytes("/proc/self/mountinfo"), stat.stx_mnt_id) is { Root: "/" } mount
            && mount.Target == Path.TrimEndingDirectorySeparator(path)
            ? OverlayLayers.Parse(mount)?.Resolve(mount.Target)
            : null;
        return new EngineRootfs(directory!, stat, layers?.IsThere == true ? layers : null);
    }

    /// <summary>
    /// Do the files carry the ids that they have inside? Not where the engine has prepared them for the container's range
    /// (containerd and Podman do that for user namespaces of their own), and not where the ids inside are those outside.
    /// </summary>
    public bool NeedsMapping(IdMaps ids) => !ids.AreOurs
        && !ids.Uids.Any(mapping => mapping.HostId != 0 && Stat.stx_uid >= mapping.HostId && Stat.stx_uid - mapping.HostId < mapping.Size);

    public void Dispose() => Directory.Dispose();
}
