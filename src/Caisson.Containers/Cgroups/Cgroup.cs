using Caisson.Containers.Systemd;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Cgroups;

/// <summary>
/// A container's cgroup: one directory in each hierarchy that the host has mounted. Limits are planned by
/// <see cref="ResourcePlanner"/>; here are the effects.
/// </summary>
public sealed partial class Cgroup : IDisposable
{
    readonly List<CgroupDirectory> _directories;
    Placeholder? _placeholder;

    Cgroup(List<CgroupDirectory> directories, CgroupState state)
    {
        _directories = directories;
        State = state;
    }

    /// <summary>There are hierarchies in which it could not be made.</summary>
    public bool IsPartial { get; private init; }

    /// <summary>To be kept for <see cref="Open(CgroupState)"/>; changes with <see cref="Delegate"/>.</summary>
    public CgroupState State { get; private set; }

    public CgroupMode Mode => (Unified is not null, State.Paths.Count) switch
    {
        (true, 1) => CgroupMode.Unified,
        (true, _) => CgroupMode.Hybrid,
        _ => CgroupMode.Legacy,
    };

    /// <summary>True while the directory exists in at least one hierarchy.</summary>
    public bool Exists
    {
        get
        {
            foreach (string path in State.Paths.Values)
            {
                if (Stat.TryOf(Fd.CurrentDirectory, path, out _) == Errno.None)
                {
                    return true;
                }
            }

            return false;
        }
    }

    CgroupDirectory? Unified => _directories.Find(static one => one.IsUnified);

    /// <summary>From the state that <see cref="Create"/> gave. Directories that are gone are left out.</summary>
    public static Cgroup Open(CgroupState state)
    {
        List<CgroupDirectory> directories = [];
        foreach ((string hierarchy, string path) in state.Paths)
        {
            if (CgroupDirectory.TryOpen(hierarchy, path) is { } directory)
            {
                directories.Add(directory);
            }
        }

        return new Cgroup(directories, state);
    }

    /// <summary>The directory that has the controller; on version 2 it is the same for all. Null where nothing has it.</summary>
    public string? PathOf(string controller) => Find(controller)?.Path;

    /// <summary>A control file; null where the controller, the file or the cgroup does not exist.</summary>
    public string? TryRead(string controller, string file) => Find(controller)?.TryRead(file);

    internal Fd? TryOpenFile(string controller, string file) =>
        Find(controller) is { } directory
        && OpenAt2.TryOpen(directory.Handle, file, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? opened) == Errno.None
            ? opened
            : null;

    internal void Write(string controller, string file, string value) => Find(controller)!.Write(file, value);

    public void Dispose()
    {
        EndPlaceholder();
        _directories.ForEach(static one => one.Dispose());
    }

    /// <summary>Version 1 first: on a hybrid host a controller is there unless proved otherwise.</summary>
    CgroupDirectory? Find(string controller) =>
        _directories.Find(one => !one.IsUnified && Hierarchy.Has(one.Hierarchy, controller))
        ?? (Mode == CgroupMode.Unified ? Unified : null);
}
