namespace Caisson.Oci;

/// <summary>features-linux.md#seccomp; names as in a profile.</summary>
public sealed partial record SeccompFeatures
{
    public bool? Enabled { get; init; }

    public string[]? Actions { get; init; }

    public string[]? Operators { get; init; }

    public string[]? Archs { get; init; }

    /// <summary>Flags the runtime knows by name.</summary>
    public string[]? KnownFlags { get; init; }

    /// <summary>Those of them the kernel and the library can do.</summary>
    public string[]? SupportedFlags { get; init; }
}
