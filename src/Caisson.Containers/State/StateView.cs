using Caisson.Oci;

namespace Caisson.Containers.State;

/// <summary>A container's state as the spec and runc show it.</summary>
public static class StateView
{
    /// <summary>What hooks read (runtime.md#state).</summary>
    public static OciState For(ContainerState state, ContainerStatus status) => new()
    {
        OciVersion = state.OciVersion,
        Id = state.Id,
        Status = Word(status),
        Pid = status == ContainerStatus.Stopped ? 0 : state.Pid,
        Bundle = state.Bundle,
        Annotations = state.Annotations,
    };

    /// <summary>What <c>state</c> and <c>list --format json</c> print.</summary>
    public static ContainerListEntry Entry(ContainerState state, ContainerStatus status) => new()
    {
        OciVersion = state.OciVersion,
        Id = state.Id,
        Pid = status == ContainerStatus.Stopped ? 0 : state.Pid,
        Status = Word(status),
        Bundle = state.Bundle,
        Rootfs = state.Rootfs,
        Created = state.Created,
        Annotations = state.Annotations,
        Owner = "root",
    };

    public static string Word(ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };
}
