using System.Text;
using Caisson.Containers.Systemd;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    const uint DirectoryMode = 0x1ED; // 0755

    /// <summary>
    /// Makes the directories, ready for processes: cpusets of version 1 filled from above, controllers of version 2
    /// enabled down to the cgroup. What was made is removed again when a step fails.
    /// </summary>
    /// <param name="path">Where.</param>
    /// <param name="mayMiss">
    /// Hierarchies in which we may not make it are left out: without the machine's root's rights a container without limits is
    /// worth more than none.
    /// </param>
    public static Cgroup Create(CgroupPath path, bool mayMiss = false) => Create(path, null, mayMiss);

    static Cgroup Create(CgroupPath path, Placeholder? placeholder, bool mayMiss)
    {
        List<string> made = [];
        List<CgroupDirectory> directories = [];
        bool complete = false;
        try
        {
            List<CgroupDirectory> found = [];
            foreach (Hierarchy hierarchy in path.Layout.Hierarchies)
            {
                try
                {
                    bool isNew = MakeIn(hierarchy, path, made);
                    CgroupDirectory opened = Open(hierarchy.Name, path.Directories[hierarchy.Name], mayMiss);
                    directories.Add(opened);
                    if (!isNew)
                    {
                        found.Add(opened);
                    }
                }
                catch (KernelException refused) when (!OwnUserNamespace.IsInitial && refused.Errno is Errno.EPERM or Errno.EACCES or Errno.EROFS)
                {
                    if (!mayMiss)
                    {
                        // runc's words.
                        throw new UserError(
                            $"unable to apply cgroup configuration: {refused.Call} '{refused.Subject}': permission denied ({refused.Errno})",
                            "name a cgroup that you may write to in /linux/cgroupsPath, or leave that out");
                    }

                    Directories.TryRemove(Fd.CurrentDirectory, path.Directories[hierarchy.Name]);
                }
            }

            found.ForEach(one => RefuseForeign(one, placeholder?.Pid ?? 0));
            complete = true;
            List<string> parents = made.FindAll(one => !path.Directories.Values.Contains(one));
            parents.Reverse();
            return new Cgroup(directories, new CgroupState(directories.ToDictionary(one => one.Hierarchy, one => one.Path), parents, Unit: path.Unit?.Name))
            {
                _placeholder = placeholder,
                IsPartial = directories.Count < path.Layout.Hierarchies.Count,
            };
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

    static bool MakeIn(Hierarchy hierarchy, CgroupPath path, List<string> made)
    {
        string directory = path.Directories[hierarchy.Name];
        bool isNew = Make(directory, hierarchy.MountPoint, made);
        if (Hierarchy.Has(hierarchy.Name, "cpuset"))
        {
            Inherit(directory, "cpuset.cpus", hierarchy.MountPoint, isNew);
            Inherit(directory, "cpuset.mems", hierarchy.MountPoint, isNew);
        }

        if (path.Layout.Mode == CgroupMode.Unified)
        {
            EnableControllers(directory, hierarchy.MountPoint);
        }

        return isNew;
    }

    static CgroupDirectory Open(string hierarchy, string path, bool mayMiss)
    {
        CgroupDirectory opened = CgroupDirectory.TryOpen(hierarchy, path) ?? throw new KernelException(Errno.ENOENT, "open", path);
        // One that somebody made may be closed to us.
        Fd? procs = null;
        Errno errno = mayMiss ? OpenAt2.TryOpen(opened.Handle, "cgroup.procs", OpenFlags.O_WRONLY, ResolveFlags.None, 0, out procs) : Errno.None;
        procs?.Dispose();
        if (errno == Errno.None)
        {
            return opened;
        }

        opened.Dispose();
        throw new KernelException(errno, "open", $"{path}/cgroup.procs");
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
