namespace Caisson.Containers.Cgroups;

/// <summary>All that a later command needs to find a container's cgroup again; goes into state.json.</summary>
/// <param name="Paths">Absolute directories by hierarchy name; the empty name is version 2.</param>
/// <param name="MadeParents">Directories above that were made for it, deepest first: removed with it when empty.</param>
/// <param name="IsDelegated">The container's root may make cgroups of its own; on version 2 init is in a leaf below.</param>
/// <param name="Unit">systemd's unit that it belongs to; null where systemd has no part in it.</param>
public sealed record CgroupState(
    IReadOnlyDictionary<string, string> Paths, IReadOnlyList<string> MadeParents, bool IsDelegated = false, string? Unit = null);
