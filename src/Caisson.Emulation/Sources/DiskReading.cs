using Caisson.Emulation.Cgroups;
using Caisson.Emulation.Text;

namespace Caisson.Emulation.Sources;

/// <summary>The container's use of block devices, all of them together.</summary>
static class DiskReading
{
    public static (long Read, long Write) BytesOf(Viewpoint from)
    {
        if (from.Cgroups.Io is not { } io
            || !from.TryRead(io, default, io.IsVersion2 ? CgroupFile.IoStat : CgroupFile.IoBytes1, from.Control))
        {
            return default;
        }

        (long Read, long Write) sum = default;
        foreach (ReadOnlySpan<byte> line in new Lines(from.Control.Bytes))
        {
            // Version 1 has a line for each kind of a device, and then one for all devices.
            ReadOnlySpan<byte> device = new Words(line).Next();
            if (device.Contains((byte)':'))
            {
                (long read, long write) = io.IsVersion2 ? BytesOf2(device, line) : BytesOf1(device, line);
                sum = (sum.Read + read, sum.Write + write);
            }
        }

        return sum;
    }

    static (long, long) BytesOf2(ReadOnlySpan<byte> device, ReadOnlySpan<byte> line)
    {
        DiskUse use = DiskUseText.Find2(device, line);
        return (use.ReadBytes, use.WriteBytes);
    }

    static (long, long) BytesOf1(ReadOnlySpan<byte> device, ReadOnlySpan<byte> line)
    {
        (long read, long write, _) = DiskUseText.Find1(device, line);
        return (read, write);
    }
}
