namespace Caisson.Oci;

/// <summary>Names of kernel parameters, in both forms of sysctl(8).</summary>
public static class SysctlName
{
    /// <summary>
    /// The path below /proc/sys, such as <c>net/ipv4/conf/eth0.100/forwarding</c>, or null when there is none.
    /// The first separator decides: after a dot a slash stands for a dot, after a slash all is as in a path.
    /// </summary>
    public static string? ToPath(string name)
    {
        int separator = name.AsSpan().IndexOfAny('.', '/');
        bool isDotted = separator >= 0 && name[separator] == '.';
        string path = isDotted ? string.Create(name.Length, name, Swap) : name;

        // "net.//.kernel.core_pattern" is net/../kernel/core_pattern: no step may lead upwards.
        foreach (Range part in path.AsSpan().Split('/'))
        {
            if (path.AsSpan(part) is "" or "." or "..")
            {
                return null;
            }
        }

        return path.AsSpan().ContainsAnyInRange('\0', ' ') || path.Contains('\x7f') ? null : path;
    }

    static void Swap(Span<char> path, string name)
    {
        for (int i = 0; i < path.Length; i++)
        {
            path[i] = name[i] switch
            {
                '.' => '/',
                '/' => '.',
                char other => other,
            };
        }
    }
}
