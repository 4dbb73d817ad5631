namespace Caisson.Oci;

public static partial class SpecValidator
{
    // UID_GID_MAP_MAX_EXTENTS, since Linux 4.15; it was 5 before.
    const int MostMappings = 340;

    static void CheckMappings(Findings findings, LinuxIdMapping[]? mappings, string at)
    {
        if (mappings?.Length > MostMappings)
        {
            findings.Error(at, $"{mappings.Length} mappings are more than the kernel takes",
                $"join neighbouring ranges to at most {MostMappings}");
            return;
        }

        for (int i = 0; i < mappings?.Length; i++)
        {
            LinuxIdMapping mapping = mappings[i];
            if (mapping.Size == 0)
            {
                findings.Error($"{at}/{i}/size", "the mapping is empty", "use a size of at least 1");
            }

            CheckEnd(findings, mapping.ContainerId, mapping.Size, $"{at}/{i}/containerID");
            CheckEnd(findings, mapping.HostId, mapping.Size, $"{at}/{i}/hostID");
            for (int j = 0; j < i; j++)
            {
                CheckOverlap(findings, mapping, mappings[j], $"{at}/{i}", j);
            }
        }
    }

    static void CheckEnd(Findings findings, uint first, uint size, string at)
    {
        if ((ulong)first + size > uint.MaxValue)
        {
            findings.Error(at, $"{size} ids from {first} go past the last id", "end the range at 4294967294");
        }
    }

    static void CheckOverlap(Findings findings, LinuxIdMapping mapping, LinuxIdMapping other, string at, int otherIndex)
    {
        if (Overlap(mapping.ContainerId, mapping.Size, other.ContainerId, other.Size))
        {
            findings.Error($"{at}/containerID", $"overlaps with mapping {otherIndex} in the container",
                "map each id once");
        }

        if (Overlap(mapping.HostId, mapping.Size, other.HostId, other.Size))
        {
            findings.Error($"{at}/hostID", $"overlaps with mapping {otherIndex} on the host", "map each id once");
        }
    }

    static bool Overlap(ulong first, uint size, ulong otherFirst, uint otherSize) =>
        first < otherFirst + otherSize && otherFirst < first + size;
}
