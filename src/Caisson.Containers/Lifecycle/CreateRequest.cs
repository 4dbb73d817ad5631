using Caisson.Kernel;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>What <c>create</c> and <c>run</c> were asked for.</summary>
public sealed record CreateRequest
{
    public required ContainerId Id { get; init; }

    /// <summary>Absolute path.</summary>
    public required string Bundle { get; init; }

    public required Isolation Isolation { get; init; }

    /// <summary>Receives the terminal's master; null where there is none or the caller keeps the master itself.</summary>
    public string? ConsoleSocket { get; init; }

    /// <summary>Socket that receives a pidfd of the process, or null.</summary>
    public string? PidFdSocket { get; init; }

    public string? PidFile { get; init; }

    public int PreservedFds { get; init; }

    public bool NoNewKeyring { get; init; }

    public bool SystemdCgroup { get; init; }
}

/// <summary>A container that waits to be started.</summary>
/// <param name="Process">pidfd of its first process, a child of ours.</param>
/// <param name="Master">The terminal's master where no console socket took it.</param>
public sealed record CreatedContainer(int Pid, Fd Process, Fd? Master);
