using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Sys;

/// <summary>
/// /sys/devices/system/node/nodeN/{cpulist,cpumap}. CPUs that were given new numbers all belong to node 0, for they are no
/// certain ones of the host's any more.
/// </summary>
static class NodeCpus
{
    public static void ReadList(Viewpoint from, int node, ContentBuffer content)
    {
        CpuShare cpus = CpuReading.Read(from);
        if (cpus.IsWhole && from.Host.TryRead($"/sys/devices/system/node/node{node}/cpulist", from.Text))
        {
            content.Append(from.Text.Bytes);
        }
        else
        {
            CpuList.Render(node == 0 ? cpus.Count : 0, content);
        }
    }

    public static void ReadMask(Viewpoint from, int node, ContentBuffer content)
    {
        CpuShare cpus = CpuReading.Read(from);
        if (from.Host.TryRead($"/sys/devices/system/node/node{node}/cpumap", from.Text))
        {
            RenderMask(from.Text.Bytes, cpus.IsWhole ? -1 : node == 0 ? cpus.Count : 0, content);
        }
    }

    /// <param name="host">A mask such as "00000000,0000000f", whose length the new one has.</param>
    /// <param name="count">How many bits to set; -1 leaves it as it is.</param>
    public static void RenderMask(ReadOnlySpan<byte> host, int count, ContentBuffer content)
    {
        int digit = 0;
        foreach (byte one in host)
        {
            digit += IsDigit(one) ? 1 : 0;
        }

        foreach (byte one in host)
        {
            if (count < 0 || !IsDigit(one))
            {
                content.Append(one);
                continue;
            }

            int bits = Math.Clamp(count - (--digit * 4), 0, 4);
            content.Append("0137f"u8[bits]);
        }
    }

    static bool IsDigit(byte one) => one is not ((byte)',' or (byte)'\n');
}
