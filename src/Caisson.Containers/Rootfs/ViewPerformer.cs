using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Covers files of the container's /proc and /sys with the emulated ones. The mount namespace in which the container's tree was
/// built, M1, is of no further use once the container has its copy: it becomes the place where the emulated files are mounted,
/// and nothing else is, so that the monitor, which copies single files from there, keeps nothing else alive. Mounts can be
/// copied only from where they are attached, before Linux 6.15.
/// </summary>
sealed class ViewPerformer : IDisposable
{
    static readonly (string Target, string Prefix, long Magic)[] Trees =
    [
        ("/proc", "proc!", FileSystems.PROC_SUPER_MAGIC),
        ("/sys", "sys!", FileSystems.SYSFS_MAGIC),
    ];

    readonly List<List<(string Path, Fd File)>> _files = [];

    /// <summary>In M1: the FUSE mount becomes its root, and copies are taken.</summary>
    public static ViewPerformer TakeFrom(Fd tree)
    {
        ViewPerformer view = new();
        using (Fd root = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY))
        {
            MountTree.Attach(tree, root, "the emulated files");
        }

        WorkingDirectory.Change(tree, "the emulated files");
        Mount.PivotToWorkingDirectory();
        Mount.Detach(".");
        // Listing also tells the kernel all there is to know of the files, so that it asks for none of them by name.
        List<string> names = Directories.List(tree);
        foreach ((_, string prefix, _) in Trees)
        {
            view._files.Add(FlatTree.CopyFiles(tree, names, prefix));
        }

        return view;
    }

    /// <summary>In the container's mount namespace.</summary>
    public void Cover()
    {
        using Fd top = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        for (int i = 0; i < Trees.Length; i++)
        {
            (string target, _, long magic) = Trees[i];
            if (new RootedPath(top).TryOpen(target, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, out Fd? root) != Errno.None)
            {
                continue;
            }

            using (root)
            {
                foreach ((string path, Fd file) in FileSystems.MagicOf(root!) == magic ? _files[i] : [])
                {
                    Errno errno = FlatTree.TryCover(root!, path, file, IsNative);
                    if (errno != Errno.None)
                    {
                        throw new ContainerException($"cover {target}/{path}", new KernelErrnoException(errno));
                    }
                }
            }
        }
    }

    // Below /proc/sys the kernel gives what it keeps for each namespace to that namespace's root, and lets it write.
    static bool IsNative(string path, statx stat) =>
        path.StartsWith("sys/", StringComparison.Ordinal) && stat.stx_uid != 0 && (stat.stx_mode & 0x80 /* 0200 */) != 0;

    /// <summary>In the container's mount namespace: takes away files of a FUSE connection that has ended.</summary>
    /// <param name="self">The calling thread's directory in the host's procfs: the container's does not know it.</param>
    public static void RemoveDead(Fd self)
    {
        using Fd file = OpenAt2.Open(self, "mountinfo", OpenFlags.O_RDONLY);
        byte[] mounts = FileText.ReadBytes(file, "mountinfo");
        foreach (Range line in mounts.AsSpan().Split((byte)'\n'))
        {
            if (MountInfo.Parse(mounts.AsSpan()[line]) is { Type: FuseMount.Type } mount
                && Array.Exists(Trees, tree => mount.Target.StartsWith(tree.Target + "/", StringComparison.Ordinal)))
            {
                Mount.Detach(mount.Target);
            }
        }
    }

    public void Dispose() => _files.ForEach(files => files.ForEach(file => file.File.Dispose()));
}
