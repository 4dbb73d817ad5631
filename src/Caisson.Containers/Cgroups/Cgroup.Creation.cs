using System.Text;
using Caisson.Containers.Systemd;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    const uint DirectoryMode = 0x1ED; // 0755

    /// <summary>
    /// Makes the directories, ready for processes: cpusets of version 1 filled from above, controllers of version 2
    /// enabled down to the cgroup. What was made is removed again when a step fails.
    /// </summary>
    public static Cgroup Create(CgroupPath path) => Create(path, null);

    static Cgroup Create(CgroupPath path, Placeholder? placeholder)
    {
        List<string> made = [];
        List<CgroupDirectory> directories = [];
        bool complete = false;
        try
        {
            List<CgroupDirectory> found = [];
            foreach (Hierarchy hierarchy in path.Layout.Hierarchies)
            {
                string directory = path.Directories[hierarchy.Name];
                bool isNew = Make(directory, hierarchy.MountPoint, made);
                CgroupDirectory opened = CgroupDirectory.TryOpen(hierarchy.Name, directory)
                    ?? throw new KernelException(Errno.ENOENT, "open", directory);
                directories.Add(opened);
                if (!isNew)
                {
                    found.Add(opened);
                }

                if (Hierarchy.Has(hierarchy.Name, "cpuset"))
                {
                    Inherit(directory, "cpuset.cpus", hierarchy.MountPoint, isNew);
                    Inherit(directory, "cpuset.mems", hierarchy.MountPoint, isNew);
                }

                if (path.Layout.Mode == CgroupMode.Unified)
                {
                    EnableControllers(directory, hierarchy.MountPoint);
                }
            }

            found.ForEach(one => RefuseForeign(one, placeholder?.Pid ?? 0));
            complete = true;
            List<string> parents = made.FindAll(one => !path.Directories.Values.Contains(one));
            parents.Reverse();
            return new Cgroup(directories, new CgroupState(path.Directories, parents, Unit: path.Unit?.Name)) { _placeholder = placeholder };
        }
        finally
        {
            if (!complete)
            {
                directories.ForEach(static one => one.Dispose());
                made.Reverse();
                made.ForEach(static one => Directories.TryRemove(Fd.CurrentDirectory, one));
            }
        }
    }

    // True when it was made. Tries the last directory first: its parents are mostly there.
    static bool Make(string directory, string top, List<string> made)
    {
        byte[] name = Encoding.UTF8.GetBytes(directory + '\0');
        for (int tries = 0; ; tries++)
        {
            Errno errno = RawNames.TryMakeDirectory(Fd.CurrentDirectory, name, DirectoryMode);
            switch (errno)
            {
                case Errno.None:
                    made.Add(directory);
                    return true;
                case Errno.EEXIST:
                    return false;
                // Again and again, because another container's end may remove an empty parent in between.
                case Errno.ENOENT when tries < 10 && Path.GetDirectoryName(directory) is { } parent && parent.Length > top.Length:
                    Make(parent, top, made);
                    break;
                default:
                    throw new KernelException(errno, "mkdir", directory);
            }
        }
    }

    // A new cpuset of version 1 is empty, and a process cannot join an empty one. So a directory that has no value takes
    // its parent's, and that one before it the same way.
    static string Inherit(string directory, string file, string top, bool isNew = false)
    {
        string value = isNew ? "" : FileText.Read($"{directory}/{file}").Trim();
        if (value.Length > 0 || directory.Length <= top.Length)
        {
            return value;
        }

        value = Inherit(Path.GetDirectoryName(directory)!, file, top);
        FileText.Write($"{directory}/{file}", value);
        return value;
    }

    static void EnableControllers(string directory, string top)
    {
        string[] available = Words(FileText.Read($"{top}/cgroup.controllers"));
        if (Words(FileText.Read($"{directory}/cgroup.controllers")).Length == available.Length)
        {
            return;
        }

        string at = top;
        foreach (string part in directory[top.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            Enable(Fd.CurrentDirectory, $"{at}/cgroup.subtree_control", available);
            at = $"{at}/{part}";
        }
    }

    // All at once, or those that go: a controller that cannot be enabled is missed only by a limit that needs it.
    static void Enable(Fd directory, string file, string[] controllers)
    {
        if (controllers.Length > 0 && FileText.TryWrite(directory, file, "+" + string.Join(" +", controllers)) != Errno.None)
        {
            foreach (string one in controllers)
            {
                FileText.TryWrite(directory, file, "+" + one);
            }
        }
    }

    // A cgroup that somebody made for us is fine (Kubernetes may do so), one that is in use is not: its processes would
    // be limited, listed and killed with the container.
    static void RefuseForeign(CgroupDirectory directory, int known)
    {
        List<int> pids = PidsBelow(directory);
        pids.Remove(known);
        if (pids.Count > 0)
        {
            throw new UserError(
                $"container's cgroup is not empty: {directory.Path} has the processes {List(pids)}",
                "give the container a cgroup of its own (linux.cgroupsPath, docker run --cgroup-parent)");
        }

        if (IsFrozenIn(directory))
        {
            throw new UserError($"container's cgroup unexpectedly frozen: {directory.Path}", "thaw it or give the container another one");
        }
    }

    static string[] Words(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    static string List(List<int> pids) =>
        string.Join(", ", pids.Take(10)) + (pids.Count > 10 ? $" and {pids.Count - 10} more" : "");
}
