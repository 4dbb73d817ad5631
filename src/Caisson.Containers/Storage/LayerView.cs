using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>What the layers of a root file system hold at one path.</summary>
sealed class LayerView : IDisposable
{
    /// <summary>The directory in the upper layer; null where there is none.</summary>
    public Fd? Home { get; set; }

    /// <summary>Null where the upper layer does not have it, or no upper layer exists.</summary>
    public Fd? HomeParent { get; set; }

    public bool HomeIsOpaque { get; set; }

    /// <summary>Topmost first; those that would be visible if <see cref="Home"/> were not there.</summary>
    public List<LowerLayer> Lower { get; } = [];

    public bool HomeHasContent => Home is not null && !IsEmpty(Home);

    public bool LowerHasContent => Lower.Exists(layer => !IsEmpty(layer.Directory));

    public static bool IsEmpty(Fd directory) => Directories.List(directory).Count == 0;

    public void Dispose()
    {
        Home?.Dispose();
        HomeParent?.Dispose();
        Lower.ForEach(layer => layer.Directory.Dispose());
    }
}
