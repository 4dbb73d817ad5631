namespace Caisson.Oci;

/// <summary>
/// The whole of config.json (runtime-spec, config.md). Members of other platforms (solaris, windows, vm, zos,
/// freebsd) and unknown ones are ignored, as the spec asks for.
/// </summary>
public sealed partial record Spec
{
    /// <summary>SemVer 2.0.0 version of the specification the bundle follows; empty when missing.</summary>
    public string OciVersion { get; init; } = "";

    public ProcessSpec? Process { get; init; }

    public Root? Root { get; init; }

    /// <summary>Needs a uts namespace of the container's own.</summary>
    public string? Hostname { get; init => field = Absent.IfEmpty(value); }

    /// <summary>NIS domain name; needs a uts namespace of the container's own.</summary>
    public string? Domainname { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Performed in the order given.</summary>
    public MountSpec[]? Mounts { get; init; }

    public Hooks? Hooks { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public Linux? Linux { get; init; }
}
