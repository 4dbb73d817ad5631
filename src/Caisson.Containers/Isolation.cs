namespace Caisson.Containers;

/// <summary>How far a container is kept apart from the host (docs/architecture.md, "Three levels").</summary>
public enum Isolation
{
    /// <summary>What the spec says and nothing more: runc's behaviour.</summary>
    Plain,

    /// <summary>A user namespace with ids of its own, all capabilities inside it, delegated cgroups, storage of its own.</summary>
    System,
}
