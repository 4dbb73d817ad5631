using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    static readonly TimeSpan FreezeDeadline = TimeSpan.FromSeconds(10);

    /// <summary>Sends a signal to the first process, or with <paramref name="all"/> to every process of the cgroup.</summary>
    public void Kill(int signal, bool all)
    {
        ContainerStatus status = Status;
        if (all)
        {
            KillAll(signal);
            return;
        }

        // The kernel ends all processes of a pid namespace with its first one; those of one that is shared are ended here.
        if (signal == Signals.SIGKILL && _cgroup is { Exists: true } && !HasOwnPidNamespace())
        {
            KillAll(signal);
            return;
        }

        if (status == ContainerStatus.Stopped)
        {
            // runc's words: containerd's shim looks for them to tell "gone" from "failed".
            throw new UserError("container not running", $"caisson state {Id.Value} shows its status");
        }

        int sent = State.Isolation == Isolation.System ? StopSignal.For(signal, State.Pid) : signal;
        Errno errno = PidFd.TrySignal(_process!, sent);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "pidfd_send_signal", sent.ToString());
        }

        // A task that the v1 freezer holds does not even die of SIGKILL before it is thawed.
        if (signal == Signals.SIGKILL && status == ContainerStatus.Paused)
        {
            _cgroup!.Thaw();
        }
    }

    /// <summary>Freezes all processes, and shows what they keep in real storage to an engine that is about to commit.</summary>
    public void Pause(Action<string> warn)
    {
        if (Status is not (ContainerStatus.Running or ContainerStatus.Created))
        {
            throw new UserError($"container \"{Id.Value}\" is {StateView.Word(Status)}", "only a running container can be paused");
        }

        RequireCgroup().Freeze(FreezeDeadline);
        MoveStorage(InnerStorage.Show, "a commit will not have all of the inner engines' storage", warn);
        EngineOverlay.Refresh(State);
    }

    public void Resume(Action<string> warn)
    {
        if (Status != ContainerStatus.Paused)
        {
            throw new UserError($"container \"{Id.Value}\" is {StateView.Word(Status)}", "only a paused container can be resumed");
        }

        MoveStorage(InnerStorage.Hide, "the inner engines' storage stays in the engine's layer", warn);
        RequireCgroup().Thaw();
        EngineOverlay.Refresh(State);
    }

    // The container works with its content wherever that stands.
    void MoveStorage(Action<IReadOnlyList<StorageEntry>> move, string otherwise, Action<string> warn)
    {
        try
        {
            move(State.Storage);
        }
        catch (Exception failure) when (failure is KernelException or ContainerException)
        {
            warn($"{otherwise}: {ContainerException.Chain(failure)}, proceeding anyway");
        }
    }

    /// <summary>Pids of all processes in the container, as the host counts.</summary>
    public IReadOnlyList<int> Pids() => HasNoCgroup && HasOwnPidNamespace() ? PidsOfNamespace() : RequireCgroup().Pids(recursive: true);

    /// <summary>An ordinary user started it, who may not make any.</summary>
    bool HasNoCgroup => State.Cgroup is null or { Paths.Count: 0 };

    public Cgroups.Cgroup RequireCgroup() => _cgroup is { Exists: true } ? _cgroup
        : HasNoCgroup ? throw new UserError(
            $"container \"{Id.Value}\" has no cgroup: it was started without the right to make one",
            "have the administrator give you a cgroup (systemd: Delegate=yes) and name it in /linux/cgroupsPath")
        : throw new UserError($"the cgroup of container \"{Id.Value}\" is gone", $"caisson delete {Id.Value}");

    // A namespace of pids inside is not looked into.
    List<int> PidsOfNamespace()
    {
        using Fd processes = OpenAt2.Open("/proc", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        List<int> pids = [];
        bool isThere = Stat.TryOf(processes, $"{State.Pid}/ns/pid", out statx wanted) == Errno.None;
        foreach (string name in isThere ? Directories.List(processes) : [])
        {
            if (int.TryParse(name, out int pid)
                && Stat.TryOf(processes, $"{name}/ns/pid", out statx found) == Errno.None && found.IsSameInode(wanted))
            {
                pids.Add(pid);
            }
        }

        pids.Sort();
        return pids;
    }

    bool HasOwnPidNamespace() =>
        ReadSpec().Linux?.Namespaces?.Any(one => one.Type == "pid" && string.IsNullOrEmpty(one.Path)) == true;

    void KillAll(int signal)
    {
        if (_cgroup is not { Exists: true } && !(HasNoCgroup && HasOwnPidNamespace()))
        {
            return;
        }

        if (signal == Signals.SIGKILL && _cgroup is { Exists: true })
        {
            _cgroup.Kill(FreezeDeadline);
            return;
        }

        foreach (int pid in Pids())
        {
            if (PidFd.TryOpen(pid, out Fd? process) == Errno.None)
            {
                using (process)
                {
                    PidFd.TrySignal(process!, signal);
                }
            }
        }
    }
}
