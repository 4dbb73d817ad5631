namespace Caisson.Oci;

/// <summary>The five sets, by names such as CAP_KILL (config.md#linux-process).</summary>
public sealed partial record LinuxCapabilities
{
    public string[]? Bounding { get; init; }

    public string[]? Effective { get; init; }

    public string[]? Inheritable { get; init; }

    public string[]? Permitted { get; init; }

    public string[]? Ambient { get; init; }
}
