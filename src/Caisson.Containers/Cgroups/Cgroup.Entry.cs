using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

/// <remarks>
/// Three ways in. Writing another process's pid to cgroup.procs makes the kernel wait for an RCU grace period, 5 to 10
/// milliseconds for the first write. clone3 with CLONE_INTO_CGROUP (version 2) and "0" written to version 1's tasks by a
/// process with one thread do not wait. A starting container takes the fast ways.
/// </remarks>
public sealed partial class Cgroup
{
    /// <summary>Where init of a delegated container lives on version 2, so that its parent may have controllers for children.</summary>
    const string InitLeaf = "init.scope";

    /// <summary>Puts a process, with all its threads, into the cgroup of every hierarchy.</summary>
    /// <param name="pid">Of the process.</param>
    /// <param name="initPid">
    /// Of the container's init, for exec: on version 2 the process joins it where the cgroup has become an inner node.
    /// </param>
    public void AddProcess(int pid, int initPid = 0)
    {
        foreach (CgroupDirectory directory in _directories)
        {
            Errno errno = directory.IsUnified && PrefersInit(initPid) ? Errno.EBUSY : TryJoin(directory.Handle, pid);
            if (errno == Errno.EBUSY && directory.IsUnified && initPid > 0)
            {
                using Fd beside = OpenCgroupOf(initPid, directory);
                errno = TryJoin(beside, pid);
            }

            if (errno != Errno.None)
            {
                throw new KernelException(errno, $"write \"{pid}\" to", $"{directory.Path}/cgroup.procs");
            }
        }
    }

    /// <summary>
    /// For <c>cgroup</c> of clone3 with CLONE_INTO_CGROUP: the child starts in the version 2 cgroup. Null on a host
    /// without version 2.
    /// </summary>
    /// <param name="initPid">For exec: the init to start beside where the cgroup has become an inner node.</param>
    /// <param name="below">For exec into a cgroup of the container's own making.</param>
    public Fd? OpenForClone(int initPid = 0, SubCgroups? below = null)
    {
        if (Unified is not { } unified)
        {
            return null;
        }

        if (below?.For("") is { Length: > 0 } path && Mode == CgroupMode.Unified)
        {
            return OpenBelow(unified, path, "", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        }

        bool isInner = PrefersInit(initPid)
            || (initPid > 0 && unified.TryRead("cgroup.subtree_control")?.Trim() is { Length: > 0 });
        return isInner
            ? OpenCgroupOf(initPid, unified)
            : OpenAt2.Open(unified.Handle, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
    }

    /// <summary>
    /// The <c>tasks</c> files of version 1: a process with a single thread that writes "0" to each has joined. To be
    /// done before it unshares the cgroup namespace, whose root is then this cgroup.
    /// </summary>
    /// <param name="below">For exec into cgroups of the container's own making.</param>
    public IReadOnlyList<Fd> OpenTasks(SubCgroups? below = null)
    {
        List<Fd> files = [];
        foreach (CgroupDirectory directory in _directories)
        {
            if (!directory.IsUnified)
            {
                files.Add(OpenBelow(directory, below?.For(directory.Hierarchy) ?? "", "tasks", OpenFlags.O_WRONLY));
            }
        }

        return files;
    }

    /// <summary>
    /// cgroup.procs of the leaf for init of a delegated container on version 2, null otherwise: init writes "0" to it
    /// when it is started; then <see cref="EnableControllersInside"/> can be called.
    /// </summary>
    public Fd? OpenInitLeaf() =>
        State.IsDelegated && Mode == CgroupMode.Unified
            ? OpenAt2.Open(Unified!.Handle, $"{InitLeaf}/cgroup.procs", OpenFlags.O_WRONLY)
            : null;

    /// <summary>Names of version 1's controllers and named hierarchies that the container is in.</summary>
    public IReadOnlyCollection<string> LegacyControllers => [.. _directories.SelectMany(one => one.Hierarchy.Split(',')).Where(name => name.Length > 0)];

    // The container's root makes what is below, but no links in a cgroup file system.
    static Fd OpenBelow(CgroupDirectory directory, string path, string file, OpenFlags flags)
    {
        string full = string.Join('/', ((string[])[path, file]).Where(part => part.Length > 0));
        Errno errno = OpenAt2.TryOpen(directory.Handle, full, flags, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, 0, out Fd? opened);
        return errno == Errno.None
            ? opened!
            : throw new ContainerException($"adding pid to the cgroup {directory.Path}/{path}", new KernelErrnoException(errno));
    }

    bool PrefersInit(int initPid) => initPid > 0 && State.IsDelegated && Mode == CgroupMode.Unified;

    static Errno TryJoin(Fd directory, int pid)
    {
        Errno errno = FileText.TryWrite(directory, "cgroup.procs", pid.ToString());
        // EINVAL: a process that is just being cloned cannot be moved for a moment.
        for (int tries = 0; errno == Errno.EINVAL && tries < 5; tries++)
        {
            Thread.Sleep(10);
            errno = FileText.TryWrite(directory, "cgroup.procs", pid.ToString());
        }

        return errno;
    }

    // What init's cgroup is called is the container's choice; it must still lie below ours.
    static Fd OpenCgroupOf(int pid, CgroupDirectory ours)
    {
        string own = FileText.Read($"/proc/{pid}/cgroup").Split('\n')
            .FirstOrDefault(static line => line.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "";
        Hierarchy? unified = CgroupLayout.Detect().Unified;
        string path = unified is null ? "" : (unified with { OwnPath = own }).OwnDirectory;
        if (path == ours.Path)
        {
            return OpenAt2.Open(ours.Handle, ".", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        }

        if (!path.StartsWith(ours.Path + "/", StringComparison.Ordinal))
        {
            throw new ContainerException($"init (process {pid}) is in the cgroup {own}, which is not below {ours.Path}");
        }

        const ResolveFlags careful = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS;
        return OpenAt2.Open(ours.Handle, path[(ours.Path.Length + 1)..], OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, careful);
    }
}
