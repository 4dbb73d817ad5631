using Caisson.Containers.Cgroups;
using Caisson.Containers.Ids;
using Caisson.Containers.Init;
using Caisson.Containers.Levels;
using Caisson.Containers.Monitoring;
using Caisson.Containers.Options;
using Caisson.Containers.Processes;
using Caisson.Containers.Rootfs;
using Caisson.Containers.Seccomp;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Sockets;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    /// <summary>
    /// To be called before anything is read that can be read only once, and before <see cref="Exec"/>: a container whose root is
    /// the host's could write to our program, which is executed anew from where it cannot (CVE-2019-5736).
    /// </summary>
    public void ProtectProgram()
    {
        if (Status != ContainerStatus.Stopped && !OwnExecutable.IsReadOnly && ReadIds().RootUid == 0)
        {
            OwnExecutable.ExecuteReadOnly();
        }
    }

    ProcessSpec Planned(Spec spec, ProcessSpec given) => State.Isolation == Isolation.System
        // The state's annotations have what the host's configuration said when the container was made.
        ? SystemLevel.Plan(given, ContainerOptions.Read(spec with { Annotations = State.Annotations }, static _ => { }).HonorsCapabilities)
        : given;

    /// <summary>Runs one more process in the container; returns once it has become the program.</summary>
    /// <param name="request">How.</param>
    /// <param name="spec">The container's own.</param>
    /// <param name="given">The process; valid.</param>
    /// <param name="places">For the cache of seccomp filters.</param>
    /// <param name="view">How its calls are handed to the container's monitor, where it has one.</param>
    public CreatedContainer Exec(ExecRequest request, Spec spec, ProcessSpec given, Places places, ViewSetup? view)
    {
        RequireEnterable(request);
        EngineOverlay.Refresh(State);
        IdMaps ids = ReadIds();
        using ContainerRoot root = ContainerRoot.Open(State.Pid, _process!);
        ProcessSpec process = ProcessEnvironment.Complete(Planned(spec, given), path => root.Path.TryReadText(path));
        using ContainerTerminal? terminal = process.Terminal ? ContainerTerminal.Open(root, ids.HostUid(process.User?.Uid ?? 0)) : null;
        terminal?.SetSize(process.ConsoleSize);
        if (terminal is not null && request.ConsoleSocket is null)
        {
            Terminal.ClearReturns(terminal.Master);
        }

        if (terminal is null)
        {
            StandardStreams.GiveTo(ids.HostUid(process.User?.Uid ?? 0));
        }

        // Without somebody to listen, the calls that the filter hands over would fail.
        bool hasMonitor = view is not null && MonitorControl.IsServed(_directory);
        using SocketPair socket = SocketPair.Create();
        SubCgroups? below = _cgroup is null || request.Cgroups.Count == 0 ? null : SubCgroups.Parse(request.Cgroups, _cgroup.LegacyControllers);
        IReadOnlyList<Fd> tasks = _cgroup?.OpenTasks(below) ?? [];
        using Fd? unified = _cgroup?.OpenForClone(State.Pid, below);
        InitSettings settings = new()
        {
            ParentSocket = socket.Ours.Number,
            ChildSocket = socket.Childs.Number,
            Joined = JoinedByExec(),
            CgroupTasks = [.. tasks.Select(file => file.Number)],
            HasUserNamespace = State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWUSER),
            ConsoleSlave = terminal?.Slave.Number ?? -1,
            Keyring = $"_ses.{Id.Value}",
            Seccomp = ContainerFilter.Prepare(spec.Linux?.Seccomp, State.Isolation, new FilterCache(places.SeccompFilters)),
            ViewFilter = hasMonitor ? view!.Filter : null,
            Personality = spec.Linux?.Personality,
            MemoryPolicy = spec.Linux?.MemoryPolicy,
            DeniesGroups = OwnIds.DeniesGroups,
            PreservedFds = request.PreservedFds,
            IgnoredSignals = Signals.Ignored(),
            HasAppArmor = AppArmor.IsEnabled,
        };
        InitPlan program = InitPlanner.PlanExec(process, settings);
        InitProcess init = Enter(program, unified, socket);
        foreach (Fd file in tasks)
        {
            file.Dispose();
        }

        try
        {
            ProcessLimits.Apply(init.Pid, process, ids.RootUid);
            ProcessScheduling.Apply(init.Pid, process, isExec: true);
            init.Tell();
            if (request.ConsoleSocket is { } console)
            {
                DescriptorSocket.SendTerminal(console, terminal!.Master);
            }

            DescriptorSocket.SendProcess(request.PidFdSocket, init.Process);
            PidFile.Write(request.PidFile, init.Pid);
            if (program.Listener >= 0)
            {
                init.Wait();
                HandListener(init);
                init.Tell();
            }
            else if (program.Agent >= 0)
            {
                init.Wait();
            }

            if (program.Agent >= 0)
            {
                init.Wait();
                using Fd agent = init.TakeListener(program.Agent)!;
                SeccompAgent.Send(spec.Linux?.Seccomp, agent, init.Pid, StateView.For(State, Status));
                init.Tell();
            }

            init.WaitForExec();
        }
        catch
        {
            init.Kill();
            throw;
        }

        Fd? master = request.ConsoleSocket is null && terminal is not null ? Fd.Duplicate(terminal.Master.Number) : null;
        return new CreatedContainer(init.Pid, init.Process, master);
    }

    void HandListener(InitProcess init)
    {
        using Fd? listener = init.TakeListener();
        if (listener is not null)
        {
            RequestOfMonitor(MonitorMessage.Listener, listener);
        }
    }

    void RequireEnterable(ExecRequest request)
    {
        ContainerStatus status = Status;
        if (status == ContainerStatus.Stopped)
        {
            throw new UserError("cannot exec in a stopped container", $"caisson start {Id.Value}");
        }

        if (status == ContainerStatus.Paused && !request.IgnorePaused)
        {
            throw new UserError("cannot exec in a paused container", $"caisson resume {Id.Value}, or exec with --ignore-paused");
        }
    }

    // All at once by the pidfd of init, the user namespace after the others: with it the host's privileges go.
    List<(int Fd, NamespaceKind Kind)> JoinedByExec()
    {
        NamespaceKind others = State.Namespaces & ~(NamespaceKind.CLONE_NEWUSER | NamespaceKind.CLONE_NEWPID);
        List<(int, NamespaceKind)> joined = [];
        if (others != NamespaceKind.None)
        {
            joined.Add((_process!.Number, others));
        }

        if (State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWUSER))
        {
            joined.Add((_process!.Number, NamespaceKind.CLONE_NEWUSER));
        }

        return joined;
    }

    InitProcess Enter(InitPlan program, Fd? cgroup, SocketPair socket) =>
        WithinPidNamespace(() => InitProcess.Start(program, 0, cgroup, socket));

    void WithinPidNamespaceAndBack(Func<bool> action)
    {
        if (State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWPID))
        {
            Namespace.Within(_process!, NamespaceKind.CLONE_NEWPID, "pid_for_children", "the container's pid namespace", action);
        }
        else
        {
            action();
        }
    }

    // A pid namespace is entered by being born in it, so our thread points there for the moment of the clone.
    T WithinPidNamespace<T>(Func<T> clone)
    {
        if (!State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWPID))
        {
            return clone();
        }

        // Where there is no way back we stay: nothing else is cloned by exec.
        using Fd? own = Namespace.CanReturn(NamespaceKind.CLONE_NEWPID, "pid_for_children") ? Namespace.OpenOwn("pid_for_children") : null;
        Namespace.Join(_process!, NamespaceKind.CLONE_NEWPID, "the container's pid namespace");
        try
        {
            return clone();
        }
        finally
        {
            if (own is not null)
            {
                Namespace.Join(own, NamespaceKind.CLONE_NEWPID, "our own pid namespace");
            }
        }
    }

    IdMaps ReadIds() => State.Namespaces.HasFlag(NamespaceKind.CLONE_NEWUSER)
        ? new IdMaps(
            IdMapText.Parse(FileText.Read($"/proc/{State.Pid}/uid_map")), IdMapText.Parse(FileText.Read($"/proc/{State.Pid}/gid_map")))
        : IdMaps.None;
}
