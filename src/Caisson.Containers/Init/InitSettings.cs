using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Init;

/// <summary>What the first process of a container, or one that joins it, needs besides what the spec says of it.</summary>
public sealed record InitSettings
{
    /// <summary>Number of the parent's end of the socket, to be closed in the child.</summary>
    public required int ParentSocket { get; init; }

    public required int ChildSocket { get; init; }

    /// <summary>Namespaces joined by descriptor, in order, the user namespace last.</summary>
    public IReadOnlyList<(int Fd, NamespaceKind Kind)> Joined { get; init; } = [];

    /// <summary>Flags of a second clone after joining: the process that stays is born with them. Null for no second clone.</summary>
    public ulong? SecondClone { get; init; }

    /// <summary>Files of cgroup v1 to which the process, having one thread, writes "0" to join: no grace period is waited for.</summary>
    public IReadOnlyList<int> CgroupTasks { get; init; } = [];

    /// <summary>On a delegated cgroup v2 the leaf that the process moves to once its namespace is rooted above it; or -1.</summary>
    public int CgroupLeaf { get; init; } = -1;

    /// <summary>Made by the process itself once its ids are mapped, so that they belong to its user namespace's root.</summary>
    public NamespaceKind Unshared { get; init; }

    public bool HasUserNamespace { get; init; }

    /// <summary>The root file system is built in another mount namespace, of which a less privileged copy is taken.</summary>
    public bool CopiesMountNamespace { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    /// <summary>The terminal's slave, or -1.</summary>
    public int ConsoleSlave { get; init; } = -1;

    /// <summary>Those of descriptors 0 to 2 that are the host's null device: the container's takes its place.</summary>
    public IReadOnlyList<int> NullStreams { get; init; } = [];

    /// <summary>The socket on which <c>start</c> is awaited, or -1 to go on at once.</summary>
    public int StartListener { get; init; } = -1;

    /// <summary>Name of a new session keyring; null keeps the caller's.</summary>
    public string? Keyring { get; init; }

    public Personality? Personality { get; init; }

    public LinuxMemoryPolicy? MemoryPolicy { get; init; }

    public SeccompFilter? Seccomp { get; init; }

    /// <summary>Hands some calls to the container's monitor; beside the profile, of which it knows nothing. Null for none.</summary>
    public SeccompFilter? ViewFilter { get; init; }

    /// <summary>The user namespace denies setgroups(2): its maker mapped one group only, its own.</summary>
    public bool DeniesGroups { get; init; }

    /// <summary>Descriptors from 3 upwards that the program inherits (--preserve-fds).</summary>
    public int PreservedFds { get; init; }

    /// <summary>Signals that the runtime found ignored and the program must find at their defaults.</summary>
    public IReadOnlyList<int> IgnoredSignals { get; init; } = [];

    /// <summary>The kernel has AppArmor, so that a profile can be applied.</summary>
    public bool HasAppArmor { get; init; }
}
