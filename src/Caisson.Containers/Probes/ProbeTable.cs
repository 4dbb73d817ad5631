namespace Caisson.Containers.Probes;

/// <summary>All probes, in the order in which they are told; a new one touches this table and a file of its own.</summary>
public static class ProbeTable
{
    public static IReadOnlyList<Probe> All { get; } =
    [
        new("user-namespaces", "user namespaces", UserNamespaceProbe.Look),
        new("id-mapped-mounts", "ID-mapped mounts", IdMappedMountProbe.Look),
        new("overlay", "overlay on mapped layers", OverlayProbe.Look),
        new("proc", "proc of a container", ProcProbe.Look),
        new("fuse", "FUSE", FuseProbe.Look),
        new("listener", "seccomp listener", ListenerProbe.Look),
        new("cgroups", "cgroups", CgroupProbe.Look),
        new("ids", "host ids", IdProbe.Look),
        new("nftables", "nftables", NftablesProbe.Look),
        new("security-modules", "security modules", SecurityModuleProbe.Look),
        new("limits", "kernel limits", LimitProbe.Look),
        new("disk-budgets", "disk budgets", DiskBudgetProbe.Look),
        new("checkpoint", "checkpoints", CheckpointProbe.Look),
        new("virtualisation", "virtualisation", VirtualisationProbe.Look),
    ];
}
