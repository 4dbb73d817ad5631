using Caisson.Kernel.Files;

namespace Caisson.Kernel.Mounts;

/// <summary>
/// A mount whose root directory has nothing but files, each named as the path that it is meant to cover, with '!' for '/'.
/// Copies of single files of it are attached over what lies below some root.
/// </summary>
public static class FlatTree
{
    const char Separator = '!';

    /// <summary>The path that a file is meant for, below what its name begins with.</summary>
    public static string PathOf(string name, string prefix) => name[prefix.Length..].Replace(Separator, '/');

    /// <summary>The opposite.</summary>
    public static string NameOf(string path, string prefix) => prefix + path.Replace('/', Separator);

    /// <summary>A detached copy of every file whose name begins so; each is the caller's to dispose.</summary>
    /// <param name="tree">The mount; before Linux 6.15 it must be attached in the calling thread's mount namespace.</param>
    /// <param name="names">What is in it.</param>
    /// <param name="prefix">Such as "proc!".</param>
    public static List<(string Path, Fd File)> CopyFiles(Fd tree, IReadOnlyList<string> names, string prefix)
    {
        List<(string, Fd)> copies = [];
        foreach (string name in names)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                Errno errno = MountTree.TryCloneFile(tree, name, out Fd? copy);
                copies.Add(errno == Errno.None
                    ? (PathOf(name, prefix), copy!)
                    : throw new KernelException(errno, "open_tree", name));
            }
        }

        return copies;
    }

    /// <summary>
    /// Attaches one over a file of procfs or sysfs below <paramref name="root"/>. What is not there, or is not to be covered, is
    /// left alone.
    /// </summary>
    /// <param name="root">Root of a proc or sysfs mount.</param>
    /// <param name="path">Relative to it.</param>
    /// <param name="file">A detached copy.</param>
    /// <param name="isNative">Told what would be covered.</param>
    public static Errno TryCover(Fd root, string path, Fd file, Func<string, statx, bool> isNative) => TryCover(root, path, file, isNative, out _);

    /// <summary>Likewise; tells whether the copy was used.</summary>
    public static Errno TryCover(Fd root, string path, Fd file, Func<string, statx, bool> isNative, out bool isAttached)
    {
        isAttached = false;
        const ResolveFlags strict =
            ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_NO_XDEV;
        Errno errno = OpenAt2.TryOpen(root, path, OpenFlags.O_PATH, strict, 0, out Fd? target);
        // EXDEV: something is mounted there, or on the way, already.
        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EXDEV or Errno.ELOOP)
        {
            return Errno.None;
        }

        if (errno != Errno.None)
        {
            return errno;
        }

        using (target)
        {
            if (isNative(path, Stat.CachedOf(target!)))
            {
                return Errno.None;
            }

            errno = MountTree.TryAttach(file, target!);
            isAttached = errno == Errno.None;
            return errno;
        }
    }
}
