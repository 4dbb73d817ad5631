using Caisson.Containers.Cgroups;
using Caisson.Containers.Processes;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>A container that exists, opened by its id: what it is, how it is, and its first process by descriptor.</summary>
public sealed partial class Container : IDisposable
{
    readonly ContainerStore _store;
    readonly Fd _directory;
    readonly Fd? _process;
    readonly Cgroup? _cgroup;

    Container(ContainerStore store, ContainerId id, Fd directory, ContainerState? state)
    {
        _store = store;
        _directory = directory;
        Id = id;
        StateOrNull = state;
        _process = state is null ? null : OpenProcess(state);
        _cgroup = state?.Cgroup is { } cgroup ? Cgroup.Open(cgroup) : null;
    }

    public ContainerId Id { get; }

    /// <summary>Null where its creation was cut off very early.</summary>
    public ContainerState? StateOrNull { get; }

    public ContainerState State => StateOrNull ?? throw new UserError(
        $"the creation of container \"{Id.Value}\" was cut off", $"caisson delete --force {Id.Value}");

    public ContainerStatus Status
    {
        get
        {
            if (_process is null || PidFd.WaitForExit(_process, 0))
            {
                return ContainerStatus.Stopped;
            }

            if (_cgroup is { IsFrozen: true })
            {
                return ContainerStatus.Paused;
            }

            bool waits = Stat.TryOfLink(_directory, ContainerStore.StartSocket, out _) == Errno.None;
            return waits ? ContainerStatus.Created : ContainerStatus.Running;
        }
    }

    /// <summary>Its cgroup's directory with a controller; null where there is none.</summary>
    public Cgroup? Cgroup => _cgroup;

    public static Container Open(ContainerStore store, ContainerId id) => TryOpen(store, id) ?? throw new UserError(
        $"container \"{id.Value}\" does not exist", $"caisson --root {store.Root} list shows those that do");

    public static Container? TryOpen(ContainerStore store, ContainerId id) => store.TryOpen(id) is { } directory
        ? new Container(store, id, directory, ContainerStore.TryRead(directory))
        : null;

    /// <summary>The user namespace of its first process.</summary>
    public Fd OpenUserNamespace()
    {
        RequireRunning();
        return Namespace.Open(State.Pid, "user");
    }

    public Spec ReadSpec()
    {
        using Fd file = OpenAt2.Open(_directory, ContainerStore.SpecFile, OpenFlags.O_RDONLY);
        return OciJson.ParseSpec(FileText.ReadBytes(file, ContainerStore.SpecFile));
    }

    public void Dispose()
    {
        _cgroup?.Dispose();
        _process?.Dispose();
        _directory.Dispose();
    }

    // The pid may belong to somebody else by now: only with the start time that was recorded is it ours. It is read after the
    // descriptor is open, which no later process can take over.
    static Fd? OpenProcess(ContainerState state)
    {
        if (state.Pid == 0 || PidFd.TryOpen(state.Pid, out Fd? process) != Errno.None)
        {
            return null;
        }

        if (ProcessStat.TryRead(state.Pid) is { } stat && stat.StartTime == state.StartTime)
        {
            return process;
        }

        process!.Dispose();
        return null;
    }
}
