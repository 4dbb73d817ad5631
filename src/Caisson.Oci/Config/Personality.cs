namespace Caisson.Oci;

/// <summary>Execution domain for personality(2) (config-linux.md#personality).</summary>
public sealed partial record Personality
{
    /// <summary>LINUX or LINUX32.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The spec defines none so far.</summary>
    public string[]? Flags { get; init; }
}
