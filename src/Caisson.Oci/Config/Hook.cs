namespace Caisson.Oci;

/// <summary>One program (config.md#posix-platform-hooks); the container's state is its standard input.</summary>
public sealed partial record Hook
{
    public string Path { get; init; } = "";

    /// <summary>With the program's own name as the first entry.</summary>
    public string[]? Args { get; init; }

    public string[]? Env { get; init; }

    /// <summary>Seconds; null waits for ever.</summary>
    public int? Timeout { get; init; }
}
