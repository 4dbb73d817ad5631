using Caisson.Kernel.Files;

namespace Caisson.Containers.Rootfs;

/// <summary>A device node in the container; owner ids as the container sees them.</summary>
public sealed record DeviceNode(string Path, FileKind Kind, uint Major, uint Minor, uint Mode, uint Uid, uint Gid)
{
    public override string ToString() => $"{Path} {Kind} {Major}:{Minor} {Convert.ToString(Mode, 8)} {Uid}:{Gid}";
}
