using Caisson.Kernel;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Processes;

namespace Caisson.Cli.Monitor;

/// <summary>
/// How the holder notices a worker that is stuck, without either of them waking up for it: the first request after a while sets
/// an alarm that both share; when it goes off, the holder looks since when the worker has been busy. An idle container costs
/// nothing, a busy one a look a second.
/// </summary>
sealed class Watchdog(Fd alarm, SharedMemory memory)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    ref int IsSet => ref memory.At<int>(MonitorLayout.Alarm);

    /// <summary>A mark of CLOCK_MONOTONIC in nanoseconds; 0 is none.</summary>
    public static TimeSpan? Time(long nanoseconds) => nanoseconds == 0 ? null : TimeSpan.FromTicks(nanoseconds / 100);

    /// <summary>By the worker, before each request; from either thread.</summary>
    public void Begin()
    {
        if (Volatile.Read(ref IsSet) == 0 && Interlocked.Exchange(ref IsSet, 1) == 0)
        {
            TimerFd.Set(alarm, Interval);
        }
    }

    /// <summary>By the holder, when the alarm goes off: true where the worker must be replaced.</summary>
    /// <param name="limits">Since when something has been busy, by CLOCK_MONOTONIC, or null; and for how long it may be.</param>
    public bool IsStuck(params ReadOnlySpan<(TimeSpan? Since, TimeSpan Limit)> limits)
    {
        TimerFd.Clear(alarm);
        Volatile.Write(ref IsSet, 0);
        TimeSpan now = TimeSpan.FromTicks(Clock.Monotonic / 100);
        bool busy = false;
        foreach ((TimeSpan? since, TimeSpan limit) in limits)
        {
            if (now - since > limit)
            {
                return true;
            }

            busy |= since is not null;
        }

        if (busy)
        {
            Begin();
        }

        return false;
    }

    /// <summary>By the holder, for a new worker: an old one may have died between the mark and the alarm.</summary>
    public void Reset()
    {
        Volatile.Write(ref IsSet, 0);
        TimerFd.Clear(alarm);
    }
}
