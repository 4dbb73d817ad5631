using System.Text;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.Init;

/// <summary>The text of /proc/PID/timens_offsets (time_namespaces(7)): "clock seconds nanoseconds" lines.</summary>
public static class TimeOffsets
{
    /// <summary>Null where nothing is offset.</summary>
    public static string? Render(IReadOnlyDictionary<string, TimeOffset>? offsets)
    {
        StringBuilder text = new();
        foreach ((string clock, TimeOffset offset) in offsets ?? new Dictionary<string, TimeOffset>())
        {
            if (offset.Secs != 0 || offset.Nanosecs != 0)
            {
                text.Append($"{clock} {offset.Secs} {offset.Nanosecs}\n");
            }
        }

        return text.Length == 0 ? null : text.ToString();
    }

    /// <summary>By how many seconds our own clock since boot differs from the machine's, from which all offsets count.</summary>
    public static long OfOwnBootTime()
    {
        // "boottime  -1234  0"; not there in a kernel without time namespaces.
        foreach (string line in (OwnUserNamespace.IsInitial ? "" : FileText.TryRead("/proc/self/timens_offsets") ?? "").Split('\n'))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is ["boottime", _, _] && long.TryParse(fields[1], out long seconds))
            {
                return seconds;
            }
        }

        return 0;
    }
}
