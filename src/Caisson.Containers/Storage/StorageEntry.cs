namespace Caisson.Containers.Storage;

/// <summary>
/// One directory of a system container that lies on the host's file system instead of the container's overlay. Part of the
/// container's state.
/// </summary>
/// <param name="Kind">A name of <see cref="StorageKinds"/>.</param>
/// <param name="Destination">Where in the container; absolute and clean.</param>
/// <param name="Directory">Where the content is while the container runs: storage root, kind, container id.</param>
/// <param name="Home">
/// Where the content is while the container is stopped: the engine's upper layer, or the root file system, followed by
/// <paramref name="Destination"/>. Empty where there is no such place: then the content goes when the container stops.
/// </param>
public sealed record StorageEntry(string Kind, string Destination, string Directory, string Home)
{
    /// <summary>
    /// Lower layers hold something at <see cref="Destination"/>, so what comes home must be opaque. Known after
    /// <see cref="InnerStorage.Bring"/>.
    /// </summary>
    public bool HasLower { get; init; }

    /// <summary>Of the image's, in use where they are. Known after <see cref="InnerStorage.Bring"/>.</summary>
    public IReadOnlyList<SharedLayer> Shared { get; init; } = [];

    /// <summary>The image's layers that show something at <see cref="Destination"/>, topmost first, if any of it is shared.</summary>
    public IReadOnlyList<string> Lower { get; init; } = [];

    /// <summary>The layer that <see cref="Home"/> lies in; empty where there is none.</summary>
    internal string Layer => Home.Length == 0 ? "" : Home[..^Destination.Length];

    internal string ContainerId => Path.GetFileName(Directory);

    /// <summary>Of the container: holds what is being copied, by kind, until it is complete.</summary>
    internal string ArrivingDirectory => $"{StorageRoot}/arriving/{ContainerId}";

    internal string StorageRoot => Path.GetDirectoryName(Path.GetDirectoryName(Directory))!;
}
