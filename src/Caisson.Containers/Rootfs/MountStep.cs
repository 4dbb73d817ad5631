namespace Caisson.Containers.Rootfs;

/// <summary>How a mount comes into being.</summary>
public enum MountKind
{
    /// <summary>A copy of a tree of the host.</summary>
    Bind,

    /// <summary>procfs of the container's pid namespace.</summary>
    Proc,

    /// <summary>sysfs of the container's network namespace.</summary>
    Sysfs,

    /// <summary>POSIX message queues of the container's ipc namespace.</summary>
    Mqueue,

    /// <summary>Pseudo-terminals of its own.</summary>
    Devpts,

    /// <summary>The cgroup hierarchies, from the container's cgroup down.</summary>
    Cgroup,

    /// <summary>An overlay over layers of the host.</summary>
    Overlay,

    /// <summary>Any other file system, made anew from its type and options.</summary>
    New,
}

/// <summary>One mount of a container, decided; the performer has nothing left to choose.</summary>
/// <param name="Kind">How it is made.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">A host path for a bind; else what the mount is called.</param>
/// <param name="Destination">Where in the container.</param>
/// <param name="Options">Attributes, propagation and data.</param>
public sealed record MountStep(MountKind Kind, string Type, string Source, string Destination, MountOptions Options)
{
    /// <summary>Attached before the container's mount namespace is copied, so that its root can neither unmount nor change it.</summary>
    public bool Locked { get; init; }

    /// <summary>Ids on disk are those inside the container: the mount maps them.</summary>
    public bool MapIds { get; init; }

    /// <summary>Mapping the ids must work, else creation fails: the spec or Caisson itself asked for it.</summary>
    public bool MustMapIds { get; init; }

    /// <summary>
    /// What is bound, below <see cref="Source"/> and found without following a link: it was somebody else's to write. Null for
    /// the source itself.
    /// </summary>
    public string? Below { get; init; }

    /// <summary>
    /// What is bound lies in the container, at this path of it and on a mount that comes before: it is not there before that one is
    /// attached. Null for what lies on the host.
    /// </summary>
    public string? Inside { get; init; }

    /// <summary>The container's root may unmount it, but not make it writable (<see cref="FixedReadOnly"/>).</summary>
    public bool StaysReadOnly { get; init; }

    /// <summary>Mappings of the mount's own ("inside outside size" lines); null for the container's.</summary>
    public string? OwnUidMap { get; init; }

    public string? OwnGidMap { get; init; }

    public override string ToString()
    {
        List<string> words = [];
        words.AddRange(Locked ? ["locked"] : []);
        words.AddRange(MapIds ? [MustMapIds ? "idmap!" : "idmap"] : []);
        words.AddRange(StaysReadOnly ? ["stays-read-only"] : []);
        words.AddRange(Options.IsRecursiveBind ? ["recursive"] : []);
        words.AddRange(Options.CopyUp ? ["copy-up"] : []);
        words.AddRange(Options.Set != 0 ? [$"set={Options.Set}"] : []);
        words.AddRange(Options.Clear != 0 ? [$"clear={Options.Clear}"] : []);
        words.AddRange(Options.RecursiveSet != 0 ? [$"rset={Options.RecursiveSet}"] : []);
        words.AddRange(Options.Propagation != 0 ? [$"propagation={Options.Propagation}"] : []);
        words.AddRange(Options.Data.Select(data => data.Value is null ? data.Key : $"{data.Key}={data.Value}"));
        return $"{Kind} {Type} {Source}{(Below is null ? "" : $"/{Below}")} -> {Destination} [{string.Join("; ", words)}]".Replace("MOUNT_ATTR_", "", StringComparison.Ordinal);
    }
}
