using Caisson.Kernel.Files;

namespace Caisson.Kernel.Mounts;

/// <summary>
/// Two directories of one file system that lie in different mounts, between which rename(2) says EXDEV: dockerd, for one, binds
/// its data directory onto itself. Both are reached through a copy of a mount in which both are seen.
/// </summary>
public static class CommonMount
{
    /// <summary>The two directories in one mount; false where no mount of ours shows both, or they are of two file systems.</summary>
    public static bool TryOpen(Fd one, Fd other, out (Fd One, Fd Other) both)
    {
        both = default;
        statx first = Stat.Of(one);
        statx second = Stat.Of(other);
        if (!first.IsOnSameDevice(second))
        {
            return false;
        }

        IReadOnlyList<MountInfo> mounts = MountInfo.ParseAll(FileText.ReadBytes("/proc/self/mountinfo"));
        if (PathInFileSystem(one, first, mounts) is not { } onePath || PathInFileSystem(other, second, mounts) is not { } otherPath)
        {
            return false;
        }

        string device = mounts.First(mount => mount.Id == first.stx_mnt_id).Device;
        foreach (MountInfo mount in mounts.Where(mount => mount.Device == device))
        {
            if (Below(mount.Root, onePath) is { } oneBelow && Below(mount.Root, otherPath) is { } otherBelow
                && TryCopy(mount) is { } copy)
            {
                using (copy)
                {
                    Fd? oneThere = TryOpenSame(copy, oneBelow, first);
                    if (oneThere is not null && TryOpenSame(copy, otherBelow, second) is { } otherThere)
                    {
                        both = (oneThere, otherThere);
                        return true;
                    }

                    oneThere?.Dispose();
                }
            }
        }

        return false;
    }

    // What a mount's own root is called in the file system, followed by the way from there.
    static string? PathInFileSystem(Fd directory, statx stat, IReadOnlyList<MountInfo> mounts) =>
        mounts.FirstOrDefault(mount => mount.Id == stat.stx_mnt_id) is { } within
        && Nodes.TryReadLink(Fd.CurrentDirectory, directory.ProcPath) is { } path
        && Below(within.Target, path) is { } below
            ? Path.Combine(within.Root, below)
            : null;

    static string? Below(string root, string path) =>
        path == root ? "." : root == "/" ? path[1..] : path.StartsWith(root + "/", StringComparison.Ordinal) ? path[(root.Length + 1)..] : null;

    // Something else may be mounted over it.
    static Fd? TryCopy(MountInfo mount)
    {
        if (OpenAt2.TryOpen(Fd.CurrentDirectory, mount.Target, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? root) != Errno.None)
        {
            return null;
        }

        using (root)
        {
            return Stat.Of(root!).stx_mnt_id == mount.Id && MountTree.TryCloneFile(root!, ".", out Fd? copy) == Errno.None ? copy : null;
        }
    }

    static Fd? TryOpenSame(Fd mount, string path, statx expected)
    {
        const ResolveFlags careful = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV;
        if (OpenAt2.TryOpen(mount, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, careful, 0, out Fd? found) != Errno.None)
        {
            return null;
        }

        if (Stat.Of(found!).IsSameInode(expected))
        {
            return found;
        }

        found!.Dispose();
        return null;
    }
}
