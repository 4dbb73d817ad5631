using Caisson.Containers.Processes;
using Caisson.Kernel;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Monitoring;

/// <summary>How a container's monitor is, as others see it.</summary>
/// <param name="HolderPid">0 where it does not run.</param>
/// <param name="WorkerPid">0 where it does not run: nobody has used the view yet, or one has just ended.</param>
/// <param name="Restarts">How many workers were replaced.</param>
/// <param name="LastExit">How the last of them ended: an exit code, or 128 + the signal.</param>
/// <param name="QuickEnds">How many in a row ended soon after their start.</param>
/// <param name="Age">Of the worker.</param>
public sealed record MonitorStatus(int HolderPid, int WorkerPid, int Restarts, int LastExit, int QuickEnds, TimeSpan Age)
{
    // USER_HZ, in which /proc tells start times: 100 on every architecture that .NET runs on.
    const double TicksPerSecond = 100;

    /// <summary>A worker that lived so long has not failed at its start.</summary>
    public static readonly TimeSpan QuickEnd = TimeSpan.FromSeconds(1);

    /// <summary>One word for tables.</summary>
    public string Word => (HolderPid, WorkerPid) switch
    {
        (0, 0) => "gone",
        (0, _) => "unguarded",
        (_, 0) => Restarts == 0 ? "ok" : "restarting",
        _ => QuickEnds > 1 && Age < QuickEnd ? "failing" : "ok",
    };

    /// <summary>Null where the container has no monitor: a plain one, or one whose view is switched off.</summary>
    public static MonitorStatus? TryRead(Fd stateDirectory) => MonitorMemory.TryOpen(stateDirectory) is { } memory
        ? new MonitorStatus(
            Living(memory.HolderPid, memory.HolderStart),
            Living(memory.WorkerPid, memory.WorkerStart),
            memory.Restarts,
            memory.LastExit,
            memory.QuickEnds,
            TimeSpan.FromTicks(Clock.BootTime / 100) - TimeSpan.FromSeconds(memory.WorkerStart / TicksPerSecond))
        : null;

    /// <summary>
    /// Ends what is left of a monitor whose container is gone. It ends by itself when the container's first process does; what it
    /// still has to do then is nobody's to wait for.
    /// </summary>
    public static void End(Fd stateDirectory)
    {
        // A holder that lives takes its worker along; a worker that was left alone is ended here.
        if (MonitorMemory.TryOpen(stateDirectory) is { } memory && Living(memory.HolderPid, memory.HolderStart) == 0)
        {
            End(memory.WorkerPid, memory.WorkerStart);
        }
    }

    static void End(int pid, ulong start)
    {
        if (pid == 0 || PidFd.TryOpen(pid, out Fd? process) != Errno.None)
        {
            return;
        }

        using (process)
        {
            if (Living(pid, start) != 0)
            {
                PidFd.TrySignal(process!, Signals.SIGKILL);
            }
        }
    }

    static int Living(int pid, ulong start) =>
        pid != 0 && ProcessStat.TryRead(pid) is { } stat && stat.StartTime == start && !stat.HasEnded ? pid : 0;
}
