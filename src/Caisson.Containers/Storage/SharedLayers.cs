using Caisson.Kernel;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Storage;

/// <summary>
/// Finds the inner layers of an image that all of its containers can use in place. Where one stands, the container's own storage
/// has an empty directory with a mark, over which the image's is mounted (<see cref="StorageMounts"/>).
/// </summary>
/// <remarks>docs/decisions/0009-inner-layers-are-shared.md</remarks>
static class SharedLayers
{
    /// <summary>Each is a mount.</summary>
    const int Most = 1000;

    /// <summary>Those that nobody will write to and that lie whole in one layer of the image.</summary>
    /// <param name="view">Of the storage's path.</param>
    public static List<SharedLayer> Find(string kind, LayerView view)
    {
        List<SharedLayer> shared = [];
        // What cannot be ID-mapped cannot be shared.
        if (!OwnUserNamespace.IsInitial)
        {
            return shared;
        }

        using LayerStack stack = LayerStack.Below(view);
        HashSet<string> seen = [];
        foreach (string path in view.Lower.SelectMany(layer => InnerLayers.FindCommitted(layer.Directory, kind)))
        {
            if (shared.Count < Most && seen.Add(path) && TryFindOne(stack, path, out string layer))
            {
                shared.Add(new SharedLayer(layer, path));
            }
        }

        return shared;
    }

    /// <summary>Those that a storage directory has a mark for.</summary>
    public static List<SharedLayer> InUse(Fd directory, string kind, LayerView view)
    {
        List<SharedLayer> shared = [];
        using LayerStack stack = LayerStack.Below(view);
        foreach (string path in Marked(directory, kind))
        {
            if (TryFindOne(stack, path, out string layer))
            {
                shared.Add(new SharedLayer(layer, path));
            }
        }

        return shared;
    }

    /// <summary>The paths of the marked directories.</summary>
    public static IEnumerable<string> Marked(Fd directory, string kind)
    {
        foreach (string path in InnerLayers.Find(directory, kind))
        {
            using Fd? tree = LayerPath.TryOpen(directory, path);
            if (tree is not null && StorageMarks.Has(tree, StorageMarks.Shared))
            {
                yield return path;
            }
        }
    }

    static bool TryFindOne(LayerStack stack, string path, out string layer)
    {
        layer = "";
        using LayerView view = stack.View("/" + path);
        if (view.HomeHasContent || view.HomeIsOpaque)
        {
            return false;
        }

        int found = view.Lower.FindIndex(tree => !LayerView.IsEmpty(tree.Directory));
        // What lies in several would be merged; an upper one that is empty has been shared before.
        if (found < 0 || found != view.Lower.Count - 1 || !InnerOpacity.TryMakeUsable(view.Lower[found].Directory))
        {
            return false;
        }

        layer = view.Lower[found].Name;
        return true;
    }
}
