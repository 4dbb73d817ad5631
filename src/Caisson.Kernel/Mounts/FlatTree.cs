using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Kernel.Mounts;

/// <summary>
/// A mount whose root directory has nothing but files, each named as the path that it is meant to cover, with '!' for '/'.
/// Single files of it are shown over what lies below some root.
/// </summary>
public static class FlatTree
{
    const char Separator = '!';

    // Who has no id in a user namespace is shown as this one (fs.overflowuid).
    const uint Nobody = 65534;
    const uint OwnerMayWrite = 0x80; // 0200
    const ResolveFlags OnOneMount =
        ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_NO_XDEV;

    static readonly uint s_hostRoot = OwnUserNamespace.IsInitial ? 0 : Nobody;

    /// <summary>
    /// Whether a target below /proc/sys is namespaced: the kernel gives it to the root of a namespace and not to the host's, and
    /// lets that one write. Then the kernel's file stays. One that belongs to it but cannot be written (nf_conntrack_max outside
    /// of the host's network namespace) is emulated.
    /// </summary>
    public static bool IsNamespaced(uint owner, uint mode, uint hostRoot = 0) => owner != hostRoot && (mode & OwnerMayWrite) != 0;

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
    public static string NameOf(string path, string prefix) =>
        string.Create(prefix.Length + path.Length, (path, prefix), static (name, parts) =>
        {
            parts.prefix.CopyTo(name);
            parts.path.AsSpan().Replace(name[parts.prefix.Length..], '/', Separator);
        });

    /// <summary>
    /// Shows every file whose name begins so over the file below <paramref name="root"/> that it is meant for. That takes two
    /// calls for each, as everything is named from the thread's root and working directory, which this moves.
    /// </summary>
    /// <param name="tree">A copy of the mount, attached in the calling thread's mount namespace.</param>
    /// <param name="names">What is in it.</param>
    /// <param name="prefix">Such as "proc!".</param>
    /// <param name="root">Root of a proc or sysfs mount, in the same mount namespace.</param>
    /// <param name="isLeftAlone">Asked about each path, which begins with a slash.</param>
    public static void CoverAll(Fd tree, IReadOnlyList<string> names, string prefix, Fd root, Func<string, bool> isLeftAlone)
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
            if (Stat.TryOfLink(root, path, out statx target) != Errno.None || target.stx_mnt_id != mount
                || IsNative(path.AsSpan(1), target) || isLeftAlone(path))
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
    /// <param name="isAttached">Whether the copy was used.</param>
    public static Errno TryCover(Fd root, string path, Fd file, out bool isAttached)
    {
        isAttached = false;
        Errno errno = OpenAt2.TryOpen(root, path, OpenFlags.O_PATH, OnOneMount, 0, out Fd? target);
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
            if (IsNative(path, Stat.CachedOf(target!)))
            {
                return Errno.None;
            }

            errno = MountTree.TryAttach(file, target!);
            isAttached = errno == Errno.None;
            return errno;
        }
    }

    /// <summary>Whether a file below <paramref name="root"/> that is to be covered is not.</summary>
    public static bool IsBare(Fd root, string path)
    {
        if (OpenAt2.TryOpen(root, path, OpenFlags.O_PATH, OnOneMount, 0, out Fd? target) != Errno.None)
        {
            return false;
        }

        using (target)
        {
            return !IsNative(path, Stat.CachedOf(target!));
        }
    }

    static bool IsNative(ReadOnlySpan<char> path, statx stat) =>
        path.StartsWith("sys/", StringComparison.Ordinal) && IsNamespaced(stat.stx_uid, stat.stx_mode, s_hostRoot);
}
