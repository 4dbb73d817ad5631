namespace Caisson.Kernel.Files;

/// <summary>
/// Paths below a root that somebody else may have filled: a container's root file system. Symbolic links are resolved as the
/// container would resolve them, magic links never, and what is missing is made component by component from descriptors, so
/// that a link exchanged meanwhile leads nowhere else (openat2(2), RESOLVE_IN_ROOT).
/// </summary>
public sealed class RootedPath(Fd root)
{
    const int MaximumLinks = 40;
    const OpenFlags PathOnly = OpenFlags.O_PATH;
    const uint DirectoryMode = 0x1ED; // 0755

    public Fd Root { get; } = root;

    /// <summary>Opens what is there; follows a final link, too, within the root.</summary>
    public Fd Open(string path, OpenFlags flags = PathOnly)
    {
        Errno errno = TryOpen(path, flags, out Fd? fd);
        return errno == Errno.None ? fd! : throw new KernelException(errno, "open", path);
    }

    public Errno TryOpen(string path, OpenFlags flags, out Fd? fd) => OpenAt2.TryOpen(
        Root, Relative(path), flags, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS, 0, out fd);

    /// <summary>
    /// The text of a small regular file; null for anything else. What an image has at a well-known path may be a fifo, a device
    /// or without end.
    /// </summary>
    public string? TryReadText(string path, int limit = 1024 * 1024)
    {
        if (TryOpen(path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK, out Fd? file) != Errno.None)
        {
            return null;
        }

        using (file)
        {
            try
            {
                return Stat.Of(file!).Kind == FileKind.Regular
                    ? System.Text.Encoding.UTF8.GetString(FileText.ReadBytes(file!, path, limit))
                    : null;
            }
            catch (KernelException)
            {
                return null;
            }
        }
    }

    /// <summary>Opens a directory, making it and its parents where missing.</summary>
    public Fd EnsureDirectory(string path, uint mode = DirectoryMode)
    {
        Errno errno = TryOpen(path, PathOnly | OpenFlags.O_DIRECTORY, out Fd? fd);
        return errno switch
        {
            Errno.None => fd!,
            Errno.ENOENT => OpenResolved(MakeDirectories(path, mode, includingLast: true)),
            _ => throw new KernelException(errno, "open", path),
        };
    }

    /// <summary>Opens what is there as a mount point, or makes an empty file, and its parents, where nothing is.</summary>
    public Fd EnsureFile(string path, uint mode = 0x1A4 /* 0644 */)
    {
        Errno errno = TryOpen(path, PathOnly, out Fd? fd);
        if (errno != Errno.ENOENT)
        {
            return errno == Errno.None ? fd! : throw new KernelException(errno, "open", path);
        }

        // Where a dangling link leads, too: distributions link /etc/resolv.conf to places that their services make.
        string resolved = MakeDirectories(path.TrimEnd('/'), DirectoryMode, includingLast: false);
        int slash = resolved.LastIndexOf('/');
        using Fd parent = OpenResolved(slash < 0 ? "" : resolved[..slash]);
        const OpenFlags create = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW;
        OpenAt2.Open(parent, resolved[(slash + 1)..], create, ResolveFlags.RESOLVE_NO_SYMLINKS, mode).Dispose();
        return OpenAt2.Open(parent, resolved[(slash + 1)..], PathOnly, ResolveFlags.RESOLVE_NO_SYMLINKS);
    }

    /// <summary>The root itself for an empty path: openat2 wants a name.</summary>
    static string Relative(string path) => path.Trim('/') is { Length: > 0 } relative ? relative : ".";

    Fd OpenResolved(string resolved) => OpenAt2.Open(
        Root,
        Relative(resolved),
        PathOnly | OpenFlags.O_DIRECTORY,
        ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_SYMLINKS);

    // Walks as the kernel would, with dangling links leading to directories that are made, and returns the path free of links.
    string MakeDirectories(string path, uint mode, bool includingLast)
    {
        Stack<string> pending = new(path.Split('/').Reverse());
        List<string> resolved = [];
        int links = 0;
        while (pending.TryPop(out string? name))
        {
            if (name is "" or ".")
            {
                continue;
            }

            if (name == "..")
            {
                resolved.RemoveRange(Math.Max(0, resolved.Count - 1), Math.Min(1, resolved.Count));
                continue;
            }

            using Fd directory = OpenResolved(string.Join('/', resolved));
            if (Stat.TryOfLink(directory, name, out statx found) == Errno.None && found.Kind == FileKind.SymbolicLink)
            {
                string target = Nodes.TryReadLink(directory, name) ?? "";
                if (++links > MaximumLinks)
                {
                    throw new KernelException(Errno.ELOOP, "open", path);
                }

                if (target.StartsWith('/'))
                {
                    resolved.Clear();
                }

                foreach (string part in target.Split('/').Reverse())
                {
                    pending.Push(part);
                }

                continue;
            }

            if (includingLast || pending.Count > 0)
            {
                Directories.TryMake(directory, name, mode);
            }

            resolved.Add(name);
        }

        return string.Join('/', resolved);
    }
}
