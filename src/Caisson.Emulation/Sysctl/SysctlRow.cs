using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>A sysctl that the container has for itself.</summary>
/// <param name="Name">Below /proc/sys, or absolute for one that is elsewhere.</param>
/// <param name="Form">What may be written.</param>
/// <param name="Initial">What it says before it is written, numbers of a list separated by tabs; null: what the host's says.</param>
sealed record SysctlRow(string Name, IValueForm Form, string? Initial)
{
    public uint Mode { get; init; } = 0x1A4; // 0644

    /// <summary>Another row that a write sets to 0: two ways of saying the same.</summary>
    public string? Clears { get; init; }

    /// <summary>A value that no other can follow, and the error for those who try.</summary>
    public (string Value, Errno Errno)? Final { get; init; }

    /// <summary>Writes ask for something to be done, which is not; no value is kept.</summary>
    public bool IsRequest { get; init; }

    /// <summary>Since when the kernel has one for each namespace; there the leaf is not used.</summary>
    public string? Namespaced { get; init; }

    public string Path => Name.StartsWith('/') ? Name : "/proc/sys/" + Name;
}
