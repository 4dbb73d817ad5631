using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/swaps: the container's swap as one area without a device; the host's devices are not its to see.</summary>
static class Swaps
{
    public static void Read(Viewpoint from, ContentBuffer content)
    {
        from.Host.TryRead(HostFile.MemInfo, from.Text);
        MemoryFacts facts = Meminfo.FactsFor(from);
        long total = Meminfo.BytesOf(from.Text.Bytes, "SwapTotal"u8);
        long used = total - Meminfo.BytesOf(from.Text.Bytes, "SwapFree"u8);
        Render(facts.IsSwapLimited ? facts.SwapLimit : total, facts.IsSwapLimited ? facts.SwapUsage : used, content);
    }

    public static void Render(long total, long used, ContentBuffer content)
    {
        content.Append("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"u8);
        if (total > 0)
        {
            content.Append("none                                    virtual\t\t"u8).Append(total / 1024).Append("\t\t"u8)
                .Append(Math.Clamp(used, 0, total) / 1024).Append("\t\t0\n"u8);
        }
    }
}
