using Caisson.Kernel;

namespace Caisson.Containers.Storage;

/// <summary>One of an image's layers, or a directory in it.</summary>
/// <param name="Name">The path of the layer itself on the host.</param>
/// <param name="Directory">Open.</param>
sealed record LowerLayer(string Name, Fd Directory);
