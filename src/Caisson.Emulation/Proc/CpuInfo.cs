using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;

namespace Caisson.Emulation.Proc;

/// <summary>/proc/cpuinfo: the host's paragraphs of the CPUs that the reader may use, numbered from 0.</summary>
static class CpuInfo
{
    public static void Read(Viewpoint from, ContentBuffer content)
    {
        CpuShare cpus = CpuReading.Read(from);
        from.Host.TryRead(HostFile.CpuInfo, from.Text);
        Render(from.Text.Bytes, cpus, content);
    }

    public static void Render(ReadOnlySpan<byte> host, CpuShare cpus, ContentBuffer content)
    {
        if (cpus.IsWhole)
        {
            content.Append(host);
            return;
        }

        int shown = 0;
        bool isShown = true;
        foreach (ReadOnlySpan<byte> line in new Lines(host))
        {
            if (TryNumberOf(line, out int cpu))
            {
                isShown = shown < cpus.Count && cpus.Allowed.Contains(cpu);
                if (isShown)
                {
                    Append(content, line, shown++);
                }
            }
            else if (isShown)
            {
                // No more siblings than there are CPUs.
                bool isCount = line.StartsWith("siblings"u8) || line.StartsWith("cpu cores"u8);
                if (isCount && ValueOf(line) > cpus.Count)
                {
                    Append(content, line, cpus.Count);
                }
                else
                {
                    content.Append(line).Append((byte)'\n');
                }
            }
            else if (line.IsEmpty)
            {
                // What follows the last paragraph belongs to no CPU (arm, "Hardware").
                isShown = true;
                continue;
            }
        }
    }

    static bool TryNumberOf(ReadOnlySpan<byte> line, out int cpu)
    {
        cpu = 0;
        if (!line.StartsWith("processor"u8))
        {
            return false;
        }

        cpu = (int)Math.Min(ValueOf(line), CpuSet.Most);
        return true;
    }

    static long ValueOf(ReadOnlySpan<byte> line) => new Words(line[(line.IndexOf((byte)':') + 1)..]).NextNumber();

    static void Append(ContentBuffer content, ReadOnlySpan<byte> line, long value) =>
        content.Append(line[..(line.IndexOf((byte)':') + 1)]).Append((byte)' ').Append(value).Append((byte)'\n');
}
