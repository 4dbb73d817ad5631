using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Sys;

/// <summary>/sys/devices/system/cpu/{online,present,possible,offline}.</summary>
static class CpuList
{
    public static void Read(Viewpoint from, HostFile file, ContentBuffer content)
    {
        CpuShare cpus = CpuReading.Read(from);
        if (cpus.IsWhole && from.Host.TryRead(file, from.Text))
        {
            content.Append(from.Text.Bytes);
        }
        else
        {
            Render(file == HostFile.OfflineCpus ? 0 : cpus.Count, content);
        }
    }

    public static void Render(int count, ContentBuffer content)
    {
        if (count > 0)
        {
            content.Append((byte)'0');
        }

        if (count > 1)
        {
            content.Append((byte)'-').Append(count - 1);
        }

        content.Append((byte)'\n');
    }
}
