namespace Caisson.Oci;

/// <summary>The answer of <c>features</c> (runtime-spec, features.md). Null means unknown.</summary>
public sealed partial record Features
{
    public string? OciVersionMin { get; init; }

    public string? OciVersionMax { get; init; }

    /// <summary>Names of the life cycle's hooks, such as <c>createRuntime</c>.</summary>
    public string[]? Hooks { get; init; }

    /// <summary>Options the runtime itself understands; those of file systems are not listed.</summary>
    public string[]? MountOptions { get; init; }

    public LinuxFeatures? Linux { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Annotations of config.json that change what the runtime does; a trailing dot makes a prefix.</summary>
    public string[]? PotentiallyUnsafeConfigAnnotations { get; init; }
}
