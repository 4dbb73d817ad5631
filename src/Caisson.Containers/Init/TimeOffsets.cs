using System.Text;
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
}
