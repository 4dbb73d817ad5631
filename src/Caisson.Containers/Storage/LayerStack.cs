using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// The layers of a container's root file system as raw directories, looked at before they are mounted. Their content is
/// anybody's: below a layer's own directory no symbolic link is followed.
/// </summary>
/// <remarks>
/// What overlayfs would resolve but this does not: redirects of renamed directories, metacopy files, and the user.overlay.*
/// names of unprivileged overlays. None of the engines' image layers hold them at these paths.
/// </remarks>
sealed class LayerStack : IDisposable
{
    internal static string Opaque => PrivilegedXattr.OverlayOpaque;

    const OpenFlags PathOnly = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY;

    readonly List<LowerLayer> _lower = [];
    readonly Dictionary<string, List<Fd>> _bases = [];

    /// <param name="upper">Where content lives while the container is stopped; empty for none.</param>
    /// <param name="layers">Null where the root file system is no overlay.</param>
    public LayerStack(string upper, OverlayLayers? layers)
    {
        Upper = upper.Length == 0 ? null : OpenAt2.Open(upper, PathOnly);
        foreach (string lower in layers?.Lower ?? [])
        {
            _lower.Add(new LowerLayer(lower, OpenAt2.Open(lower, PathOnly)));
        }
    }

    LayerStack(Fd? upper) => Upper = upper;

    public Fd? Upper { get; }

    /// <summary>What is below one path, as layers of its own.</summary>
    public static LayerStack Below(LayerView view)
    {
        LayerStack stack = new(view.Home is null ? null : OpenAt2.Open(view.Home, ".", PathOnly));
        stack._lower.AddRange(view.Lower.Select(lower => lower with { Directory = OpenAt2.Open(lower.Directory, ".", PathOnly) }));

        return stack;
    }

    /// <summary>The same for layers that are known to show something there.</summary>
    public static LayerStack Below(IReadOnlyList<string> layers, string destination)
    {
        LayerStack stack = new(null);
        foreach (string name in layers)
        {
            using Fd layer = OpenAt2.Open(name, PathOnly);
            if (LayerPath.TryOpen(layer, destination[1..], PathOnly) is Fd below)
            {
                stack._lower.Add(new LowerLayer(name, below));
            }
        }

        return stack;
    }

    /// <summary>
    /// False where no layer has a directory at a path, which is nearly always so and must be quick: the layers that have the
    /// first two components are looked up once for all paths.
    /// </summary>
    public bool MayCarry(string destination)
    {
        string key = BaseOf(destination);
        if (!_bases.TryGetValue(key, out List<Fd>? bases))
        {
            _bases.Add(key, bases = []);
            foreach (Fd layer in All())
            {
                if (LayerPath.TryOpen(layer, key, PathOnly) is Fd found)
                {
                    bases.Add(found);
                }
            }
        }

        string rest = destination[1..][key.Length..].TrimStart('/');
        foreach (Fd at in bases)
        {
            using Fd? found = LayerPath.TryOpen(at, rest, PathOnly);
            if (found is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the layers hold at a path, as overlayfs would see it.</summary>
    public LayerView View(string destination)
    {
        LayerView view = new();
        bool hidden = false;
        if (Upper is not null)
        {
            Walk(Upper, destination, view, lower: null, ref hidden);
        }

        for (int i = 0; i < _lower.Count && !hidden; i++)
        {
            Walk(_lower[i].Directory, destination, view, _lower[i], ref hidden);
        }

        return view;
    }

    /// <summary>
    /// Makes the directories above a path in the upper layer, as overlayfs does when something below them is written first: the
    /// upper layer's attributes count for the merged directory.
    /// </summary>
    public void CopyUpParents(string destination)
    {
        string[] names = destination[1..].Split('/');
        Fd at = OpenAt2.Open(Upper!, ".", LayerPath.Readable);
        try
        {
            for (int i = 0; i < names.Length - 1; i++)
            {
                bool made = Directories.TryMake(at, names[i], 0x1ED /* 0755 */);
                // Something else than a directory stands there: then nothing of the lower layers is visible below it.
                if (LayerPath.TryOpen(at, names[i]) is not Fd next)
                {
                    return;
                }

                at.Dispose();
                at = next;
                if (made && FirstLower(string.Join('/', names[..(i + 1)])) is Fd original)
                {
                    using (original)
                    {
                        TreeCopy.Attributes(original, at);
                        StorageMarks.Strip(at);
                    }
                }
            }
        }
        finally
        {
            at.Dispose();
        }
    }

    public void Dispose()
    {
        Upper?.Dispose();
        _lower.ForEach(layer => layer.Directory.Dispose());
        foreach (List<Fd> bases in _bases.Values)
        {
            bases.ForEach(found => found.Dispose());
        }
    }

    /// <param name="layer">Where to start.</param>
    /// <param name="destination">Where to go.</param>
    /// <param name="view">Gets what is found.</param>
    /// <param name="lower">Which one it is; null for the upper layer.</param>
    /// <param name="hidden">Nothing of the layers below is seen any more.</param>
    static void Walk(Fd layer, string destination, LayerView view, LowerLayer? lower, ref bool hidden)
    {
        bool isUpper = lower is null;
        string[] names = destination[1..].Split('/');
        Fd at = layer;
        for (int i = 0; i < names.Length; i++)
        {
            bool isLast = i == names.Length - 1;
            Errno errno = OpenAt2.TryOpen(at, names[i], LayerPath.Readable, LayerPath.Careful, 0, out Fd? next);
            if (isLast && isUpper)
            {
                view.HomeParent = at == layer ? OpenAt2.Open(layer, ".", LayerPath.Readable) : at;
            }
            else if (at != layer)
            {
                at.Dispose();
            }

            if (errno != Errno.None)
            {
                // A whiteout, a file or a link hides what lower layers have here.
                hidden |= errno is Errno.ENOTDIR or Errno.ELOOP;
                _ = errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP ? 0 : throw new KernelException(errno, "open", destination);
                return;
            }

            at = next!;
            bool opaque = Xattr.TryGet(at, Opaque) is [(byte)'y'];
            if (isLast && isUpper)
            {
                // Home is taken away from here, so its own opacity hides nothing for long.
                view.HomeIsOpaque = opaque;
            }
            else
            {
                hidden |= opaque;
            }
        }

        if (lower is null)
        {
            view.Home = at;
        }
        else
        {
            view.Lower.Add(lower with { Directory = at });
        }
    }

    List<Fd> All() => [.. Upper is null ? Array.Empty<Fd>() : [Upper], .. _lower.Select(layer => layer.Directory)];

    Fd? FirstLower(string path)
    {
        foreach (LowerLayer layer in _lower)
        {
            if (LayerPath.TryOpen(layer.Directory, path) is Fd found)
            {
                return found;
            }
        }

        return null;
    }

    static string BaseOf(string destination)
    {
        int first = destination.IndexOf('/', 1);
        int second = first < 0 ? -1 : destination.IndexOf('/', first + 1);
        return second < 0 ? "" : destination[1..second];
    }
}
