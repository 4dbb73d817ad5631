namespace Caisson.Oci;

/// <summary>
/// The container's process (config.md#process); the same shape is the argument of <c>exec --process</c>.
/// </summary>
public sealed partial record ProcessSpec
{
    public bool Terminal { get; init; }

    /// <summary>To be ignored unless <see cref="Terminal"/>.</summary>
    public ConsoleSize? ConsoleSize { get; init; }

    /// <summary>Null means uid 0 and gid 0.</summary>
    public User? User { get; init; }

    /// <summary>As for execvp: the first entry is looked up in the PATH of <see cref="Env"/>.</summary>
    public string[]? Args { get; init; }

    /// <summary>Entries <c>NAME=value</c>; of duplicates the last one counts.</summary>
    public string[]? Env { get; init; }

    /// <summary>Absolute path inside the container.</summary>
    public string Cwd { get; init; } = "";

    public LinuxCapabilities? Capabilities { get; init; }

    public PosixRlimit[]? Rlimits { get; init; }

    public bool NoNewPrivileges { get; init; }

    public string? ApparmorProfile { get; init => field = Absent.IfEmpty(value); }

    public string? SelinuxLabel { get; init => field = Absent.IfEmpty(value); }

    /// <summary>-1000 to 1000; null leaves the inherited value.</summary>
    public int? OomScoreAdj { get; init; }

    public Scheduler? Scheduler { get; init; }

    public IOPriority? IoPriority { get; init; }

    public ExecCpuAffinity? ExecCpuAffinity { get; init; }
}
