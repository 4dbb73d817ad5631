namespace Caisson.Containers.Storage;

/// <summary>
/// An inner engine's layer that is not copied out of the image: the container sees it where the outer engine has it, read-only.
/// </summary>
/// <param name="Layer">The outer engine's layer that holds it.</param>
/// <param name="Path">Below the storage directory and, in the outer layer, below the entry's destination.</param>
public sealed record SharedLayer(string Layer, string Path);
