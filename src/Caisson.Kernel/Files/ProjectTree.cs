namespace Caisson.Kernel.Files;

/// <summary>Trees of files that belong to one project of <see cref="ProjectQuota"/>.</summary>
public static class ProjectTree
{
    /// <summary>
    /// Gives all files and directories of a tree to a project. Links and devices keep theirs: they cannot be asked. No link is followed and no
    /// other mount is entered. The tree must be at rest.
    /// </summary>
    /// <remarks>As in <see cref="TreeCopyPass"/>, neither depth nor the length of paths costs descriptors or stack.</remarks>
    public static void Assign(Fd top, uint project)
    {
        Stack<byte[]> waiting = new();
        waiting.Push([]);
        while (waiting.TryPop(out byte[]? path))
        {
            string subject = TreeCopyCalls.Show(path);
            using Fd directory = TreeCopyCalls.OpenBelow(top, path, ResolveFlags.RESOLVE_NO_XDEV, subject);
            Assign(directory, project, isDirectory: true, subject);
            foreach (byte[] name in TreeCopyCalls.List(directory, subject))
            {
                if (TreeCopyCalls.TryStat(directory, name, out statx stat) != Errno.None || stat.IsMountRoot)
                {
                    continue;
                }

                if (stat.IsDirectory)
                {
                    waiting.Push(TreeCopyCalls.Join(path, name));
                }
                else if (stat.Kind == FileKind.Regular)
                {
                    using Fd file = TreeCopyCalls.Open(
                        directory, name, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOFOLLOW, ResolveFlags.RESOLVE_NO_XDEV, subject);
                    Assign(file, project, isDirectory: false, subject);
                }
            }
        }
    }

    static void Assign(Fd file, uint project, bool isDirectory, string subject) =>
        KernelException.Require(ProjectQuota.TryAssign(file, project, isDirectory), "ioctl FS_IOC_FSSETXATTR", subject);
}
