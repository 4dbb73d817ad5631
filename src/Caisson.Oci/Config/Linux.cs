namespace Caisson.Oci;

/// <summary>The Linux part of the container (config-linux.md).</summary>
public sealed partial record Linux
{
    public LinuxIdMapping[]? UidMappings { get; init; }

    public LinuxIdMapping[]? GidMappings { get; init; }

    /// <summary>Names with dots or slashes, values as written to /proc/sys.</summary>
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    public LinuxResources? Resources { get; init; }

    /// <summary>A path, or <c>slice:prefix:name</c> for the systemd driver.</summary>
    public string? CgroupsPath { get; init => field = Absent.IfEmpty(value); }

    public LinuxNamespace[]? Namespaces { get; init; }

    public LinuxDevice[]? Devices { get; init; }

    /// <summary>Host network interfaces to move into the container, by their name on the host (1.3).</summary>
    public IReadOnlyDictionary<string, LinuxNetDevice>? NetDevices { get; init; }

    /// <summary>
    /// The profile, unread: it is two thirds of Docker's config.json and its compiled filter is found by the raw
    /// bytes. <see cref="OciJson.ParseSeccomp(RawJson)"/> reads it.
    /// </summary>
    public RawJson? Seccomp { get; init; }

    /// <summary>shared, slave, private or unbindable, each also with a leading r.</summary>
    public string? RootfsPropagation { get; init => field = Absent.IfEmpty(value); }

    public string[]? MaskedPaths { get; init; }

    public string[]? ReadonlyPaths { get; init; }

    public string? MountLabel { get; init => field = Absent.IfEmpty(value); }

    public LinuxIntelRdt? IntelRdt { get; init; }

    public LinuxMemoryPolicy? MemoryPolicy { get; init; }

    public Personality? Personality { get; init; }

    /// <summary>By clock: <c>monotonic</c> and <c>boottime</c>.</summary>
    public IReadOnlyDictionary<string, TimeOffset>? TimeOffsets { get; init; }
}
