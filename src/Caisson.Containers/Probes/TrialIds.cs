using Caisson.Containers.Ids;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Oci;

namespace Caisson.Containers.Probes;

/// <summary>Ids as the first container would have them. Nobody runs with them, so no record is needed.</summary>
static class TrialIds
{
    static readonly LinuxIdMapping[] Mapping = [new(0, IdRangePlanner.DefaultStart, IdRangePlanner.DefaultSize)];

    public static IdMaps Maps { get; } = new(Mapping, Mapping);

    /// <summary>A user namespace with them.</summary>
    public static Fd Create()
    {
        string map = $"0 {IdRangePlanner.DefaultStart} {IdRangePlanner.DefaultSize}";
        return MappingNamespace.Create(map, map);
    }
}
