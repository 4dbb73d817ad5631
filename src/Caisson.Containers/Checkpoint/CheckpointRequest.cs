namespace Caisson.Containers.Checkpoint;

/// <summary>What CRIU does with cgroups (enum criu_cg_mode of its rpc.proto).</summary>
public enum CriuCgroups
{
    Ignore = 0,
    Soft = 3,
    Full = 4,
    Strict = 5,
    Default = 6,
}

/// <summary>What <c>checkpoint</c> and <c>restore</c> were asked for, option by option as runc has them.</summary>
public sealed record CheckpointRequest
{
    /// <summary>Absolute path of the directory with the image.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Where the log goes; null for the image's directory.</summary>
    public string? WorkPath { get; init; }

    /// <summary>An earlier image that this one adds to, relative to <see cref="ImagePath"/>.</summary>
    public string? ParentPath { get; init; }

    public bool PreDump { get; init; }

    public bool LeaveRunning { get; init; }

    public bool TcpEstablished { get; init; }

    public bool TcpSkipInFlight { get; init; }

    public bool LinkRemap { get; init; }

    public bool ExternalUnixSockets { get; init; }

    public bool ShellJob { get; init; }

    public bool FileLocks { get; init; }

    public bool AutoDedup { get; init; }

    public bool LazyPages { get; init; }

    /// <summary>Told when lazy pages are served; -1 for nobody.</summary>
    public int StatusFd { get; init; } = -1;

    public (string Address, int Port)? PageServer { get; init; }

    public CriuCgroups Cgroups { get; init; } = CriuCgroups.Default;

    public string? LsmProfile { get; init; }

    public string? LsmMountContext { get; init; }

    /// <summary>The directory of the log.</summary>
    public string LogPath => WorkPath ?? ImagePath;
}
