namespace Caisson.Containers.Cgroups;

/// <summary>
/// Which inodes of a cgroup its container's root gets. The directory, so that it can make children, and the files that
/// move processes; never a limit: those of the container's own cgroup stay the host's.
/// </summary>
static class DelegationPlanner
{
    // Before Linux 4.15 there is no list; these were the rule then.
    static readonly string[] KnownFiles = ["cgroup.procs", "cgroup.threads", "cgroup.subtree_control"];

    /// <summary>Paths relative to the cgroup's directory; the empty one is the directory itself.</summary>
    /// <param name="isUnified">Version 2.</param>
    /// <param name="delegate">The text of /sys/kernel/cgroup/delegate, if there is one.</param>
    /// <param name="leaf">A child that gets the same.</param>
    public static IReadOnlyList<string> Plan(bool isUnified, string? @delegate, string? leaf)
    {
        if (!isUnified)
        {
            return ["", "cgroup.procs", "tasks"];
        }

        string[] files = @delegate?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? KnownFiles;
        List<string> paths = ["", .. files];
        if (leaf is not null)
        {
            paths.Add(leaf);
            paths.AddRange(files.Select(file => $"{leaf}/{file}"));
        }

        return paths;
    }
}
