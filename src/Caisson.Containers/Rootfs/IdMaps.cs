using Caisson.Oci;

namespace Caisson.Containers.Rootfs;

/// <summary>A container's id mappings; both lists are empty where it shares the host's ids.</summary>
public sealed record IdMaps(IReadOnlyList<LinuxIdMapping> Uids, IReadOnlyList<LinuxIdMapping> Gids)
{
    public static IdMaps None { get; } = new([], []);

    /// <summary>The host's uid of the container's root.</summary>
    public uint RootUid => Uids.Count == 0 ? 0 : Uids.ToHost(0) ?? 0;

    public uint RootGid => Gids.Count == 0 ? 0 : Gids.ToHost(0) ?? 0;

    /// <summary>Each id inside is the same number outside, and there is nothing to map.</summary>
    public bool AreOurs => Uids.Concat(Gids).All(mapping => mapping.HostId == mapping.ContainerId);

    public uint HostUid(uint inside) => Uids.Count == 0 ? inside : Uids.ToHost(inside) ?? RootUid;

    public uint HostGid(uint inside) => Gids.Count == 0 ? inside : Gids.ToHost(inside) ?? RootGid;
}
