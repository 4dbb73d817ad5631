namespace Caisson.Oci;

/// <summary>One mount (config.md#mounts).</summary>
public sealed partial record MountSpec
{
    /// <summary>Path inside the container; relative ones count from its root, as in runc.</summary>
    public string Destination { get; init; } = "";

    public string? Type { get; init => field = Absent.IfEmpty(value); }

    /// <summary>For a bind mount absolute, or relative to the bundle.</summary>
    public string? Source { get; init => field = Absent.IfEmpty(value); }

    public string[]? Options { get; init; }

    /// <summary>Of an id-mapped mount; the container side is what the file system stores.</summary>
    public LinuxIdMapping[]? UidMappings { get; init; }

    public LinuxIdMapping[]? GidMappings { get; init; }
}
