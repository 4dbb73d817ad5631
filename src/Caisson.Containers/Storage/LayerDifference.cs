using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// A storage directory as a layer over what the image holds at its path. Usually it just hides that, being opaque; while it has
/// shared layers, whose content is the image's, it hides everything else name by name.
/// </summary>
static class LayerDifference
{
    const string Top = ".";

    /// <summary>Before a storage directory comes home.</summary>
    public static void Make(Fd directory, StorageEntry entry)
    {
        if (entry.Shared.Count == 0)
        {
            if (entry.HasLower)
            {
                Xattr.Set(directory, LayerStack.Opaque, "y"u8);
            }

            return;
        }

        StorageMarks.Set(directory, StorageMarks.Difference);
        Xattr.Remove(directory, LayerStack.Opaque);
        using LayerStack image = LayerStack.Below(entry.Lower, entry.Destination);
        HashSet<string> open = OpenPaths(SharedLayers.Marked(directory, entry.Kind));
        foreach (string path in open)
        {
            using Fd? own = LayerPath.TryOpen(directory, path);
            if (own is not null)
            {
                Hide(own, path, image, open);
            }
        }
    }

    /// <summary>After it has come back: a whiteout is nothing that an inner engine should meet there.</summary>
    public static void Undo(Fd directory, string kind)
    {
        if (!StorageMarks.Has(directory, StorageMarks.Difference))
        {
            return;
        }

        foreach (string path in OpenPaths(SharedLayers.Marked(directory, kind)))
        {
            using Fd? own = LayerPath.TryOpen(directory, path);
            foreach (string name in own is null ? [] : Directories.List(own))
            {
                if (Stat.TryOfLink(own!, name, out statx stat) == Errno.None && TreeCopy.IsWhiteout(stat))
                {
                    Directories.TryUnlink(own!, name);
                }
            }
        }

        Xattr.Remove(directory, StorageMarks.Difference);
    }

    // The directories above shared layers, which must stay merged with the image's.
    static HashSet<string> OpenPaths(IEnumerable<string> shared)
    {
        HashSet<string> open = [Top];
        foreach (string path in shared)
        {
            for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            {
                open.Add(path[..slash]);
            }
        }

        return open;
    }

    static void Hide(Fd own, string path, LayerStack image, HashSet<string> open)
    {
        HashSet<string> names = Names(image, path, out HashSet<string> directories);
        foreach (string name in names)
        {
            string below = path == Top ? name : $"{path}/{name}";
            Errno errno = Stat.TryOfLink(own, name, out statx present);
            if (errno == Errno.ENOENT)
            {
                errno = Nodes.TryMakeNode(own, name, FileKind.CharacterDevice, 0, 0, 0);
            }
            else if (errno == Errno.None && present.IsDirectory && directories.Contains(name) && !open.Contains(below))
            {
                using Fd replacing = LayerPath.TryOpen(own, name) ?? throw new KernelException(Errno.ENOENT, "open", below);
                if (!StorageMarks.Has(replacing, StorageMarks.Shared))
                {
                    Xattr.Set(replacing, LayerStack.Opaque, "y"u8);
                }
            }

            KernelException.Require(errno, "hide", below);
        }
    }

    // What the image shows in one directory.
    static HashSet<string> Names(LayerStack image, string path, out HashSet<string> directories)
    {
        HashSet<string> names = [];
        HashSet<string> hidden = [];
        directories = [];
        using LayerView view = image.View("/" + path);
        foreach (Fd layer in view.Lower.Select(lower => lower.Directory))
        {
            foreach (string name in Directories.List(layer))
            {
                if (names.Contains(name) || hidden.Contains(name) || Stat.TryOfLink(layer, name, out statx stat) != Errno.None)
                {
                    continue;
                }

                _ = TreeCopy.IsWhiteout(stat) ? hidden.Add(name) : names.Add(name);
                _ = stat.IsDirectory && directories.Add(name);
            }
        }

        return names;
    }
}
