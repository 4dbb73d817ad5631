using Caisson.Containers.Hooks;
using Caisson.Containers.Ids;
using Caisson.Containers.Monitoring;
using Caisson.Containers.State;
using Caisson.Containers.Storage;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Removes the container and all that was made for it. Each step may find its work done already: by an earlier delete that
    /// was cut off, or because creation never came that far.
    /// </summary>
    /// <param name="places">Host-wide directories.</param>
    /// <param name="force">End it first if it runs.</param>
    /// <param name="warn">Told of what cannot be removed while the rest is.</param>
    public void Delete(Places places, bool force, Action<string> warn)
    {
        ContainerStatus status = StateOrNull is null ? ContainerStatus.Stopped : Status;
        if (status != ContainerStatus.Stopped)
        {
            if (!force && status != ContainerStatus.Created)
            {
                throw new UserError(
                    $"cannot delete container \"{Id.Value}\" that is not stopped: it is {StateView.Word(status)}",
                    $"caisson kill {Id.Value} KILL first, or: caisson delete --force {Id.Value}");
            }

            End();
        }

        MonitorStatus.End(_directory);
        if (StateOrNull is { } state)
        {
            RemoveCgroup(state);
            // First the limits: what a full container keeps must find its way home.
            Attempt(() => state.DiskBudget?.Lift(), warn);
            Attempt(() => InnerStorage.TakeHome(state.Storage), warn);
            RunPoststop(state, warn);
        }

        _store.Remove(Id);
        new IdRangeAllocator(places.IdRanges).Records.RemoveOf(_store.DirectoryOf(Id));
        new VolumeClaims(places.VolumeClaims).Records.RemoveOf(_store.DirectoryOf(Id));
    }

    void End()
    {
        if (_cgroup is { Exists: true, IsFrozen: true })
        {
            PidFd.TrySignal(_process!, Signals.SIGKILL);
            _cgroup.Thaw();
        }

        PidFd.TrySignal(_process!, Signals.SIGKILL);
        if (!PidFd.WaitForExit(_process!, 1000))
        {
            // Whoever traces its processes from within the cgroup (a CRIU that hangs) keeps them from ending.
            _cgroup?.Kill(EndDeadline);
        }

        if (!PidFd.WaitForExit(_process!, (int)EndDeadline.TotalMilliseconds))
        {
            throw new ContainerException(
                $"process {State.Pid} of container \"{Id.Value}\" has not ended {EndDeadline.TotalSeconds} s after SIGKILL: it waits for a device or a file system");
        }
    }

    void RemoveCgroup(ContainerState state)
    {
        // systemd removes the cgroup of a unit by itself when the last process ends, and then still has to forget the unit.
        if (_cgroup is null || (!_cgroup.Exists && _cgroup.State.Unit is null))
        {
            return;
        }

        // Whatever is left without init: processes of exec in a container that shares the host's pid namespace. Where creation
        // was cut off before there was a process, the cgroup may not even be ours, and nobody in it is killed.
        if (state.Pid != 0)
        {
            _cgroup.Kill(EndDeadline);
        }

        _cgroup.Destroy(EndDeadline, stopsUnit: state.Pid != 0);
    }

    // What cannot go home stays in its place, is named, and is found there by the next start; the container must still go.
    static void Attempt(Action step, Action<string> warn)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (failure is ContainerException or KernelException or UserError)
        {
            warn($"{ContainerException.Chain(failure)}, proceeding anyway");
        }
    }

    void RunPoststop(ContainerState state, Action<string> warn)
    {
        try
        {
            HookRunner.Run(ReadSpec().Hooks?.Poststop, "poststop", StateView.For(state, ContainerStatus.Stopped));
        }
        catch (Exception failure) when (failure is ContainerException or KernelException or SpecException)
        {
            warn($"{ContainerException.Chain(failure)}, ignoring");
        }
    }
}
