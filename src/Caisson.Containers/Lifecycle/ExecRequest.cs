namespace Caisson.Containers.Lifecycle;

/// <summary>What <c>exec</c> was asked for besides the process itself.</summary>
public sealed record ExecRequest
{
    /// <summary>Receives the terminal's master; null where the caller keeps it.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>As <see cref="Cgroups.SubCgroups"/> reads them.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>Socket that receives a pidfd of the process, or null.</summary>
    public string? PidFdSocket { get; init; }

    public string? PidFile { get; init; }

    public int PreservedFds { get; init; }

    /// <summary>Enter a paused container: the process runs once it is resumed.</summary>
    public bool IgnorePaused { get; init; }
}
