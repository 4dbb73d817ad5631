namespace Caisson.Emulation.Syscalls;

/// <summary>Paths of the container's own /proc and /sys that are covered or read-only there, absolute.</summary>
public sealed record PathMasks(IReadOnlyList<string> Masked, IReadOnlyList<string> ReadOnly);
