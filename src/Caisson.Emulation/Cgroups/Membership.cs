using Caisson.Emulation.Text;

namespace Caisson.Emulation.Cgroups;

/// <summary>/proc/PID/cgroup: where a process stands in each hierarchy, seen from our cgroup namespace (cgroups(7)).</summary>
static class Membership
{
    /// <summary>The path in the hierarchy of this name; empty where there is none.</summary>
    public static ReadOnlySpan<byte> PathIn(ReadOnlySpan<byte> text, ReadOnlySpan<byte> hierarchy)
    {
        foreach (ReadOnlySpan<byte> line in new Lines(text))
        {
            // "4:memory:/a/b"; a name of a cgroup may hold colons, but no line end.
            int first = line.IndexOf((byte)':');
            int length = first < 0 ? -1 : line[(first + 1)..].IndexOf((byte)':');
            if (length >= 0 && line.Slice(first + 1, length).SequenceEqual(hierarchy))
            {
                return line[(first + length + 2)..];
            }
        }

        return default;
    }

    /// <summary>
    /// What leads from a directory to the cgroup of this path below it; empty for the directory's own cgroup and for all that is
    /// not below. The directory is a mount point followed by its own path, so it ends with the longest beginning that both
    /// paths share; where hierarchies are mounted need not be known.
    /// </summary>
    public static ReadOnlySpan<byte> Below(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path)
    {
        for (int end = path.Length; end > 0; end = path[..end].LastIndexOf((byte)'/'))
        {
            if (end > 1 && directory.EndsWith(path[..end]))
            {
                return path[end..].TrimStart((byte)'/');
            }
        }

        return default;
    }
}
