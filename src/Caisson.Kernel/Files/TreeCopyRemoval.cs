namespace Caisson.Kernel.Files;

/// <summary>
/// Removes trees that others have made as deep as they liked: below a certain depth a directory is first moved up to the top,
/// so that neither stack nor descriptors limit it. Removing is repeatable, and two may remove the same tree.
/// </summary>
sealed class TreeCopyRemoval(long deadline)
{
    const int DeepestStep = 48;

    int _moved;

    /// <summary>False when the time was up.</summary>
    public bool Remove(Fd parent, byte[] name)
    {
        if (TryRemoveOne(parent, name))
        {
            return true;
        }

        using Fd? directory = TryOpen(parent, name);
        return directory is null || (Empty(directory) && FinishDirectory(parent, name));
    }

    /// <summary>False when the time was up.</summary>
    public bool RemoveContents(Fd directory)
    {
        using Fd readable = TreeCopyCalls.Open(directory, "."u8, TreeCopyCalls.Directory, 0, ".");
        return Empty(readable);
    }

    bool Empty(Fd top)
    {
        while (true)
        {
            // Read anew each time: directories from the depth have come up here.
            using Fd listing = TreeCopyCalls.Open(top, "."u8, TreeCopyCalls.Directory, 0, ".");
            List<byte[]> names = TreeCopyCalls.List(listing, ".");
            if (names.Count == 0)
            {
                return true;
            }

            foreach (byte[] name in names)
            {
                if (!RemoveBelow(top, top, name, DeepestStep))
                {
                    return false;
                }
            }
        }
    }

    bool RemoveBelow(Fd top, Fd parent, byte[] name, int depth)
    {
        if (Environment.TickCount64 >= deadline)
        {
            return false;
        }

        if (TryRemoveOne(parent, name))
        {
            return true;
        }

        if (depth == 0)
        {
            MoveUp(top, parent, name);
            return true;
        }

        using Fd? directory = TryOpen(parent, name);
        if (directory is null)
        {
            return true;
        }

        foreach (byte[] child in TreeCopyCalls.List(directory, TreeCopyCalls.Show(name)))
        {
            if (!RemoveBelow(top, directory, child, depth - 1))
            {
                return false;
            }
        }

        return FinishDirectory(parent, name);
    }

    void MoveUp(Fd top, Fd parent, byte[] name)
    {
        while (true)
        {
            Errno errno = TreeCopyCalls.TryRename(parent, name, top, TreeCopyCalls.Terminated($"~{_moved++}"));
            switch (errno)
            {
                case Errno.None or Errno.ENOENT:
                    return;
                // That name is taken.
                case Errno.EEXIST or Errno.ENOTEMPTY or Errno.ENOTDIR or Errno.EINVAL when _moved < 1_000_000:
                    continue;
                default:
                    throw new KernelException(errno, "rename", TreeCopyCalls.Show(name));
            }
        }
    }

    /// <summary>False for a directory that holds something.</summary>
    static bool TryRemoveOne(Fd parent, byte[] name)
    {
        Errno errno = TreeCopyCalls.TryUnlink(parent, name, isDirectory: false);
        if (errno is Errno.None or Errno.ENOENT)
        {
            return true;
        }

        // Linux says EISDIR for a directory, POSIX EPERM, which an immutable file gives as well.
        Errno asDirectory = errno is Errno.EISDIR or Errno.EPERM
            ? TreeCopyCalls.TryUnlink(parent, name, isDirectory: true)
            : errno;
        return asDirectory switch
        {
            Errno.None or Errno.ENOENT => true,
            Errno.ENOTEMPTY or Errno.EEXIST => false,
            Errno.ENOTDIR => throw new KernelException(errno, "unlink", TreeCopyCalls.Show(name)),
            _ => throw new KernelException(asDirectory, "rmdir", TreeCopyCalls.Show(name)),
        };
    }

    static bool FinishDirectory(Fd parent, byte[] name)
    {
        Errno errno = TreeCopyCalls.TryUnlink(parent, name, isDirectory: true);
        return errno is Errno.None or Errno.ENOENT
            ? true
            : throw new KernelException(errno, "rmdir", TreeCopyCalls.Show(name));
    }

    /// <summary>Null where somebody else has removed it meanwhile.</summary>
    static Fd? TryOpen(Fd parent, byte[] name)
    {
        Errno errno = TreeCopyCalls.TryOpen(parent, name, TreeCopyCalls.Directory, ResolveFlags.RESOLVE_NO_XDEV, 0, out Fd? directory);
        return errno is Errno.None or Errno.ENOENT ? directory : throw new KernelException(errno, "open", TreeCopyCalls.Show(name));
    }
}
