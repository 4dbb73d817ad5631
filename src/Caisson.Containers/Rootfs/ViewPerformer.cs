using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Covers files of the container's /proc and /sys, and /dev/kmsg, with the emulated ones. The mount namespace in which the container's tree was
/// built, M1, is of no further use once the container has its copy: it becomes the place where the emulated files are mounted,
/// and nothing else is, so that the monitor, which copies single files from there, keeps nothing else alive. Mounts can be
/// copied only from where they are attached, before Linux 6.15.
/// </summary>
/// <param name="tree">The FUSE mount, detached.</param>
/// <param name="names">Of all files in it, which the kernel knows already: nobody may have to be asked for them.</param>
sealed class ViewPerformer(FuseMount tree, IReadOnlyList<string> names) : IDisposable
{
    // In each a directory that every kernel has, for the copy of the emulated files to be at while they are spread.
    static readonly (string Target, string Prefix, long Magic, string Place)[] Trees =
    [
        ("/proc", "proc!", FileSystems.PROC_SUPER_MAGIC, "driver"),
        ("/sys", "sys!", FileSystems.SYSFS_MAGIC, "dev"),
    ];

    // The only one elsewhere, over the /dev/null that stands for it.
    const string KernelLog = "/dev/kmsg";

    readonly List<Fd> _copies = [];
    readonly Fd _network = Namespace.OpenOwn("net");
    readonly bool _hasWayBack = Namespace.CanReturn(NamespaceKind.CLONE_NEWNET, "net");

    /// <summary>In M1: the FUSE mount becomes its root, and copies are taken.</summary>
    public void TakeCopies()
    {
        using (Fd root = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY))
        {
            MountTree.Attach(tree.Tree, root, "the emulated files");
        }

        WorkingDirectory.Change(tree.Tree, "the emulated files");
        Mount.PivotToWorkingDirectory();
        Mount.Detach(".");
        Array.ForEach(Trees, _ => _copies.Add(MountTree.Clone(tree.Tree, recursive: false, "the emulated files")));
        using Fd log = OpenAt2.Open(tree.Tree, FlatTree.NameOf(KernelLog[1..], ""), OpenFlags.O_PATH);
        _copies.Add(MountTree.Clone(log, recursive: false, KernelLog));
    }

    /// <summary>In the container's mount namespace.</summary>
    /// <param name="process">pidfd of the container's first process.</param>
    /// <param name="masked">Files that are to be masked; they are left to that.</param>
    public void Cover(Fd process, IReadOnlyList<string> masked) => InNetworkOf(process, () => Cover(masked));

    /// <summary>Likewise, in the place of files whose FUSE connection has ended.</summary>
    /// <param name="process">pidfd of the container's first process.</param>
    /// <param name="masked">Files that are masked.</param>
    /// <param name="self">The calling thread's directory in the host's procfs: the container's does not know it.</param>
    public void Replace(Fd process, IReadOnlyList<string> masked, Fd self) => InNetworkOf(process, () =>
    {
        RemoveDead(self);
        Cover(masked);
    });

    // What is below /proc/sys/net each network namespace has for itself (net/sysctl_net.c).
    void InNetworkOf(Fd process, Action action)
    {
        if (!_hasWayBack)
        {
            Namespace.OnOwnThread(() =>
            {
                Namespace.Join(process, NamespaceKind.CLONE_NEWNET, "the container's network namespace");
                action();
                return true;
            });
            return;
        }

        Namespace.Join(process, NamespaceKind.CLONE_NEWNET, "the container's network namespace");
        try
        {
            action();
        }
        finally
        {
            Namespace.Join(_network, NamespaceKind.CLONE_NEWNET, "our network namespace");
        }
    }

    void Cover(IReadOnlyList<string> masked)
    {
        using Fd top = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        CoverKernelLog(new RootedPath(top), _copies[^1]);
        for (int i = 0; i < Trees.Length; i++)
        {
            if (new RootedPath(top).TryOpen(Trees[i].Target, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, out Fd? root) == Errno.None)
            {
                using (root)
                {
                    Cover(root!, _copies[i], i, masked);
                }
            }
        }

        WorkingDirectory.Change(top, "the container's root");
        WorkingDirectory.MakeRoot();
    }

    void Cover(Fd root, Fd copy, int index, IReadOnlyList<string> masked)
    {
        (string target, string prefix, long magic, string name) = Trees[index];
        if (FileSystems.MagicOf(root) != magic)
        {
            return;
        }

        using Fd place = OpenAt2.Open(root, name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        MountTree.Attach(copy, place, $"{target}/{name}");
        FlatTree.CoverAll(copy, names, prefix, root, path => masked.Count > 0 && masked.Contains(target + path));
        Mount.Detach(".");
    }

    static void CoverKernelLog(RootedPath root, Fd copy)
    {
        if (root.TryOpen(KernelLog, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, out Fd? target) == Errno.None)
        {
            using (target)
            {
                if (Stat.Of(target!).IsNullDevice)
                {
                    MountTree.Attach(copy, target!, KernelLog);
                }
            }
        }
    }

    static void RemoveDead(Fd self)
    {
        using Fd file = OpenAt2.Open(self, "mountinfo", OpenFlags.O_RDONLY);
        byte[] mounts = FileText.ReadBytes(file, "mountinfo");
        foreach (Range line in mounts.AsSpan().Split((byte)'\n'))
        {
            if (MountInfo.Parse(mounts.AsSpan()[line]) is { Type: FuseMount.Type } mount
                && (mount.Target == KernelLog || Array.Exists(Trees, tree => mount.Target.StartsWith(tree.Target + "/", StringComparison.Ordinal))))
            {
                Mount.Detach(mount.Target);
            }
        }
    }

    public void Dispose()
    {
        tree.Dispose();
        _network.Dispose();
        _copies.ForEach(copy => copy.Dispose());
    }
}
