using Caisson.Containers.Cgroups;
using Caisson.Containers.Ids;
using Caisson.Containers.Storage;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.State;

/// <summary>
/// What later commands must know of a container: everything that was made for it, written before it is made, so that
/// <c>delete --force</c> finds it whatever moment the creating command was killed at.
/// </summary>
public sealed record ContainerState
{
    /// <summary>Raised when an older binary could not read what this one wrote.</summary>
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required string Id { get; init; }

    public required string OciVersion { get; init; }

    public required string Bundle { get; init; }

    public required string Rootfs { get; init; }

    public required Isolation Isolation { get; init; }

    /// <summary>RFC 3339, UTC.</summary>
    public required string Created { get; init; }

    /// <summary>The first process; 0 while the container is being created.</summary>
    public int Pid { get; init; }

    /// <summary>Field 22 of /proc/PID/stat: tells a process from a later one with its pid.</summary>
    public ulong StartTime { get; init; }

    /// <summary>Its cgroup; null before it has one.</summary>
    public CgroupState? Cgroup { get; init; }

    /// <summary>An exclusive range to be given back; null where the container has none of ours.</summary>
    public IdRange? Ids { get; init; }

    public IReadOnlyList<StorageEntry> Storage { get; init; } = [];

    /// <summary>Its limits are to be taken away; null for none.</summary>
    public DiskBudget? DiskBudget { get; init; }

    /// <summary>Namespaces that a process must join to be in the container; the others are the host's.</summary>
    public NamespaceKind Namespaces { get; init; }

    /// <summary>What descriptors 0 to 2 of the first process were, as /proc/PID/fd shows them; for a checkpoint.</summary>
    public IReadOnlyList<string> Descriptors { get; init; } = [];

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
