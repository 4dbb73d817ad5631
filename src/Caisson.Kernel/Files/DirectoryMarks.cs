namespace Caisson.Kernel.Files;

/// <summary>Marks of a tree's directories that two readers know by different names.</summary>
public static class DirectoryMarks
{
    /// <summary>
    /// Gives every directory of a tree whose one attribute is "y" a second one that says the same. No link is followed and no
    /// other mount is entered. The errno is the first failure: EROFS or ENOTSUP where nothing can be written.
    /// </summary>
    /// <remarks>As in <see cref="TreeCopyPass"/>, neither depth nor the length of paths costs descriptors or stack.</remarks>
    public static Errno TryMirror(Fd top, string mark, string twin)
    {
        Stack<byte[]> waiting = new();
        waiting.Push([]);
        while (waiting.TryPop(out byte[]? path))
        {
            string subject = TreeCopyCalls.Show(path);
            using Fd directory = TreeCopyCalls.OpenBelow(top, path, ResolveFlags.RESOLVE_NO_XDEV, subject);
            if (Xattr.TryGet(directory, mark) is [(byte)'y'] && Xattr.TryGet(directory, twin) is null)
            {
                Errno errno = Xattr.TrySet(directory, twin, "y"u8);
                if (errno != Errno.None)
                {
                    return errno;
                }
            }

            foreach (byte[] name in TreeCopyCalls.List(directory, subject, directoriesOnly: true))
            {
                // Where the file system does not tell kinds, or what is mounted there.
                if (TreeCopyCalls.TryStat(directory, name, out statx stat) == Errno.None && stat is { IsDirectory: true, IsMountRoot: false })
                {
                    waiting.Push(TreeCopyCalls.Join(path, name));
                }
            }
        }

        return Errno.None;
    }
}
