namespace Caisson.Emulation;

/// <summary>One emulated file.</summary>
/// <param name="Path">Absolute, in the container.</param>
/// <param name="Mode">Permission bits; it belongs to the container's root.</param>
/// <param name="Kind">What it shows.</param>
/// <param name="Note">Its source and how far it is an approximation, for docs/emulated-files.md.</param>
/// <param name="Content">Makes what serves it.</param>
sealed record Leaf(string Path, uint Mode, LeafKind Kind, string Note, Func<LeafContext, object> Content);
