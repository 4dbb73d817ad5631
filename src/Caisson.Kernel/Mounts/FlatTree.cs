using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Kernel.Mounts;

/// <summary>
/// A mount whose root directory has nothing but files, each named as the path that it is meant to cover, with '!' for '/'.
/// Single files of it are shown over what lies below some root.
/// </summary>
public static class FlatTree
{
    const char Separator = '!';

    /// <summary>The path that a file is meant for, below what its name begins with.</summary>
    public static string PathOf(string name, string prefix) => PathOf(name, prefix, "");

    // In one piece: of some hundred names.
    static string PathOf(string name, string prefix, string root) =>
        string.Create(root.Length + name.Length - prefix.Length, (name, prefix, root), static (path, parts) =>
        {
            parts.root.CopyTo(path);
            parts.name.AsSpan(parts.prefix.Length).Replace(path[parts.root.Length..], Separator, '/');
        });

    /// <summary>The opposite.</summary>
    public static string NameOf(string path, string prefix) => prefix + path.Replace('/', Separator);

    /// <summary>
    /// Shows every file whose name begins so over the file below <paramref name="root"/> that it is meant for. That takes two
    /// calls for each, as everything is named from the thread's root and working directory, which this moves.
    /// </summary>
    /// <param name="tree">A copy of the mount, attached in the calling thread's mount namespace.</param>
    /// <param name="names">What is in it.</param>
    /// <param name="prefix">Such as "proc!".</param>
    /// <param name="root">Root of a proc or sysfs mount, in the same mount namespace.</param>
    /// <param name="isLeftAlone">Told what would be covered; the path begins with a slash.</param>
    public static void CoverAll(Fd tree, IReadOnlyList<string> names, string prefix, Fd root, Func<string, statx, bool> isLeftAlone)
    {
        WorkingDirectory.Change(root, "the mount to be covered");
        WorkingDirectory.MakeRoot();
        WorkingDirectory.Change(tree, "the emulated files");
        ulong mount = Stat.Of(root).stx_mnt_id;
        foreach (string name in names)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            string path = PathOf(name, prefix, "/");
            // Of another mount: something is mounted there, or on the way, already.
            if (Stat.TryOfLink(root, path, out statx target) != Errno.None || target.stx_mnt_id != mount || isLeftAlone(path, target))
            {
                continue;
            }

            Errno errno = Mount.TryBind(name, path);
            if (errno != Errno.None)
            {
                throw new KernelException(errno, "mount", path);
            }
        }
    }

    /// <summary>
    /// Attaches one over a file of procfs or sysfs below <paramref name="root"/>. What is not there, or is not to be covered, is
    /// left alone.
    /// </summary>
    /// <param name="root">Root of a proc or sysfs mount.</param>
    /// <param name="path">Relative to it.</param>
    /// <param name="file">A detached copy.</param>
    /// <param name="isNative">Told what would be covered.</param>
    /// <param name="isAttached">Whether the copy was used.</param>
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
