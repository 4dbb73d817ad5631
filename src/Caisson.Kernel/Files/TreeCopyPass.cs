using System.Text;

namespace Caisson.Kernel.Files;

/// <summary>One run of <see cref="TreeCopy"/>, with what it has to remember.</summary>
/// <remarks>
/// Directories wait on a stack as paths below the top and are opened one at a time, so that neither the depth of a tree costs
/// descriptors or stack, nor its paths need fit PATH_MAX. A directory gets its attributes as soon as its own entries exist:
/// what is made later, deeper down, changes nothing of it.
/// </remarks>
sealed class TreeCopyPass
{
    const OpenFlags ReadFile = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY | OpenFlags.O_NOFOLLOW;
    const OpenFlags MakeFile = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    static string Opaque => PrivilegedXattr.OverlayOpaque;

    readonly Fd _from;
    readonly Fd _to;
    readonly ResolveFlags _resolve;
    readonly bool _asLayer;
    readonly IReadOnlySet<string>? _emptied;
    readonly CopyRange _data = new();
    readonly Stack<Waiting> _waiting = new();

    // Where the first name of each inode with several names went.
    readonly Dictionary<(uint Major, uint Minor, ulong Inode), Place> _linked = [];

    public TreeCopyPass(Fd from, Fd to, bool crossMounts, bool asLayer, IReadOnlySet<string>? emptied)
    {
        _from = from;
        _to = to;
        _resolve = crossMounts ? ResolveFlags.None : ResolveFlags.RESOLVE_NO_XDEV;
        _asLayer = asLayer;
        _emptied = emptied;
    }

    readonly record struct Place(byte[] Directory, byte[] Name);

    /// <param name="Path">Below the top, without a NUL.</param>
    /// <param name="Replaces">It took the place of a lower layer's directory, whose mark of opacity is thereby used up.</param>
    readonly record struct Waiting(byte[] Path, bool Replaces);

    public void Run()
    {
        CopyEntries(new Waiting([], false), isTop: true);
        while (_waiting.TryPop(out Waiting next))
        {
            CopyEntries(next, isTop: false);
        }
    }

    void CopyEntries(Waiting directory, bool isTop)
    {
        string subject = isTop ? "." : TreeCopyCalls.Show(directory.Path);
        using Fd from = TreeCopyCalls.OpenBelow(_from, directory.Path, _resolve, subject);
        using Fd to = TreeCopyCalls.OpenBelow(_to, directory.Path, ResolveFlags.None, subject);
        statx stat = Stat.Of(from);
        foreach (byte[] name in _emptied?.Contains(subject) == true ? [] : TreeCopyCalls.List(from, subject))
        {
            CopyEntry(from, to, directory.Path, name);
        }

        // The top's own are left to TreeCopy.Attributes.
        if (!isTop)
        {
            TreeCopyCalls.SetOwner(to, stat, subject);
            Xattr.CopyAll(from, to, subject);
            if (directory.Replaces)
            {
                Xattr.Remove(to, Opaque);
            }

            TreeCopyCalls.SetModeAndTimes(to, stat, subject);
        }
    }

    void CopyEntry(Fd from, Fd to, byte[] directory, byte[] name)
    {
        string subject = Subject(directory, name);
        Errno errno = TreeCopyCalls.TryStat(from, name, out statx stat);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "statx", subject);
        }

        bool replaces = false;
        if (_asLayer && TreeCopyCalls.TryStat(to, name, out statx present) == Errno.None)
        {
            bool opaque = stat.IsDirectory && IsOpaque(from, name, subject);
            if (stat.IsDirectory && present.IsDirectory && !opaque)
            {
                _waiting.Push(new Waiting(TreeCopyCalls.Join(directory, name), false));
                return;
            }

            new TreeCopyRemoval(long.MaxValue).Remove(to, name);
            if (TreeCopy.IsWhiteout(stat))
            {
                return;
            }

            replaces = opaque;
        }

        if (stat.IsDirectory)
        {
            errno = TreeCopyCalls.TryMakeDirectory(to, name);
            if (errno != Errno.None)
            {
                throw new KernelException(errno, "mkdir", subject);
            }

            _waiting.Push(new Waiting(TreeCopyCalls.Join(directory, name), replaces));
        }
        else if (!LinkToFirst(to, directory, name, stat, subject))
        {
            CopyFile(from, to, name, stat, subject);
        }
    }

    void CopyFile(Fd from, Fd to, byte[] name, statx stat, string subject)
    {
        if (stat.Kind == FileKind.Regular)
        {
            using Fd source = TreeCopyCalls.OpenUntouched(from, name, ReadFile, _resolve, subject);
            using Fd target = TreeCopyCalls.Open(to, name, MakeFile, ResolveFlags.None, subject, 0x180 /* 0600 */);
            _data.Copy(source, target, stat, subject);
            TreeCopyCalls.SetOwner(target, stat, subject);
            Xattr.CopyAll(source, target, subject);
            TreeCopyCalls.SetModeAndTimes(target, stat, subject);
            return;
        }

        if (stat.Kind == FileKind.SymbolicLink)
        {
            TreeCopyCalls.CopySymlink(from, to, name, subject);
            TreeCopyCalls.SetOwner(to, name, stat, subject);
        }
        else
        {
            TreeCopyCalls.MakeNode(to, name, stat, subject);
            TreeCopyCalls.SetOwner(to, name, stat, subject);
            TreeCopyCalls.SetNodeMode(to, name, stat, subject);
        }

        Xattr.CopyAll(from, to, name, subject);
        TreeCopyCalls.SetTimes(to, name, stat, subject);
    }

    // Overlays give all their whiteouts one inode, so this is the usual way that whiteouts are copied.
    bool LinkToFirst(Fd to, byte[] directory, byte[] name, statx stat, string subject)
    {
        if (stat.stx_nlink < 2)
        {
            return false;
        }

        (uint, uint, ulong) inode = (stat.stx_dev_major, stat.stx_dev_minor, stat.stx_ino);
        if (!_linked.TryGetValue(inode, out Place first))
        {
            _linked.Add(inode, new Place(directory, name));
            return false;
        }

        using Fd place = TreeCopyCalls.OpenBelow(_to, first.Directory, ResolveFlags.None, subject);
        Errno errno = TreeCopyCalls.TryLink(place, first.Name, to, name);
        if (errno == Errno.EMLINK)
        {
            // This file system allows fewer names than the other one: the next names share another copy.
            _linked[inode] = new Place(directory, name);
            return false;
        }

        return errno == Errno.None ? true : throw new KernelException(errno, "link", subject);
    }

    bool IsOpaque(Fd directory, byte[] name, string subject)
    {
        using Fd opened = TreeCopyCalls.OpenUntouched(directory, name, TreeCopyCalls.Directory, _resolve, subject);
        return Xattr.TryGet(opened, Opaque) is [(byte)'y'];
    }

    static string Subject(byte[] directory, byte[] name) => Encoding.UTF8.GetString(TreeCopyCalls.Join(directory, name));
}
