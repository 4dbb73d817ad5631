namespace Caisson.Emulation.Syscalls;

/// <summary>An emulated file over the kernel's.</summary>
/// <param name="Path">Relative to the root of the procfs or sysfs.</param>
/// <param name="IsReadOnly">The container may not write it, although its file in the view could be.</param>
public readonly record struct CoveredFile(string Path, bool IsReadOnly);
