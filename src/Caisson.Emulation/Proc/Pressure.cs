using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/pressure/*: what the kernel tells of the cgroup whose limits the reader is shown, or else of the container.</summary>
static class Pressure
{
    public static void ReadCpu(Viewpoint from, ContentBuffer content)
    {
        CpuReading.Read(from, out ReadOnlySpan<byte> limited);
        Read(from, limited, CgroupFile.CpuPressure, HostFile.CpuPressure, content);
    }

    public static void ReadMemory(Viewpoint from, ContentBuffer content)
    {
        from.Host.TryRead(HostFile.MemInfo, from.Text);
        MemoryReading.FindLimits(from, Meminfo.BytesOf(from.Text.Bytes, "MemTotal"u8), long.MaxValue, out ReadOnlySpan<byte> limited);
        Read(from, limited, CgroupFile.MemoryPressure, HostFile.MemoryPressure, content);
    }

    public static void ReadIo(Viewpoint from, ContentBuffer content) =>
        Read(from, default, CgroupFile.IoPressure, HostFile.IoPressure, content);

    public static void ReadIrq(Viewpoint from, ContentBuffer content) =>
        Read(from, default, CgroupFile.IrqPressure, HostFile.IrqPressure, content);

    // Version 1 knows no pressure, though version 2 may be there beside it, with the same cgroups or without; and it may be
    // switched off for a cgroup. Then it is the machine's.
    static void Read(Viewpoint from, ReadOnlySpan<byte> limited, CgroupFile file, HostFile host, ContentBuffer content)
    {
        bool isRead = from.Cgroups.Version2 is { } cgroups
            && ((!limited.IsEmpty && from.TryRead(cgroups, limited, file, from.Control))
                || from.TryRead(cgroups, default, file, from.Control));
        if (isRead || from.Host.TryRead(host, from.Control))
        {
            content.Append(from.Control.Bytes);
        }
    }
}
