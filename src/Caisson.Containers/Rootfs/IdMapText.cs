using System.Text;
using Caisson.Oci;

namespace Caisson.Containers.Rootfs;

/// <summary>The text of /proc/PID/uid_map and gid_map (user_namespaces(7)): "inside outside count" lines.</summary>
public static class IdMapText
{
    public static string Render(IEnumerable<LinuxIdMapping>? mappings)
    {
        StringBuilder text = new();
        foreach (LinuxIdMapping mapping in mappings ?? [])
        {
            text.Append($"{mapping.ContainerId} {mapping.HostId} {mapping.Size}\n");
        }

        return text.ToString();
    }

    public static IReadOnlyList<LinuxIdMapping> Parse(string text)
    {
        List<LinuxIdMapping> mappings = [];
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3 && uint.TryParse(fields[0], out uint inside)
                && uint.TryParse(fields[1], out uint outside) && uint.TryParse(fields[2], out uint size))
            {
                mappings.Add(new LinuxIdMapping(inside, outside, size));
            }
        }

        return mappings;
    }

    /// <summary>The host's id for one of the container's; null where it is not mapped.</summary>
    public static uint? ToHost(this IReadOnlyList<LinuxIdMapping> mappings, uint inside)
    {
        foreach (LinuxIdMapping mapping in mappings)
        {
            if (inside >= mapping.ContainerId && inside - mapping.ContainerId < mapping.Size)
            {
                return mapping.HostId + (inside - mapping.ContainerId);
            }
        }

        return null;
    }
}
