namespace Caisson.Containers.Cgroups;

/// <summary>One mounted cgroup hierarchy.</summary>
/// <param name="Name">
/// As /proc/self/cgroup spells it: <c>memory</c>, <c>cpu,cpuacct</c>, <c>name=systemd</c>; empty for version 2.
/// </param>
/// <param name="MountPoint">Where its cgroups are directories.</param>
/// <param name="MountRoot">
/// The cgroup that the mount point shows: not <c>/</c> in a container without a cgroup namespace.
/// </param>
/// <param name="OwnPath">The cgroup of this process in it.</param>
public sealed record Hierarchy(string Name, string MountPoint, string MountRoot, string OwnPath)
{
    /// <summary>The name of the version 2 hierarchy.</summary>
    public const string Unified = "";

    public bool IsUnified => Name.Length == 0;

    /// <summary>The own cgroup's directory; the mount point where that cgroup lies outside what is mounted.</summary>
    public string OwnDirectory
    {
        get
        {
            string root = MountRoot.TrimEnd('/');
            // A root such as /../.. is above the cgroup namespace: no path from it to us is known.
            string below = OwnPath.StartsWith(root + "/", StringComparison.Ordinal) ? OwnPath[root.Length..] : "";
            return MountPoint + below.TrimEnd('/');
        }
    }

    /// <summary>True when a version 1 hierarchy of this name has the controller.</summary>
    public static bool Has(string name, string controller)
    {
        foreach (Range part in name.AsSpan().Split(','))
        {
            if (name.AsSpan()[part].SequenceEqual(controller))
            {
                return true;
            }
        }

        return false;
    }
}
