using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>clock_gettime(2), in nanoseconds.</summary>
public static unsafe partial class Clock
{
    const int CLOCK_MONOTONIC = 1;
    const int CLOCK_BOOTTIME = 7;

    /// <summary>Stands still while the machine sleeps.</summary>
    public static long Monotonic => Read(CLOCK_MONOTONIC);

    /// <summary>Since the machine was started, as /proc/uptime counts.</summary>
    public static long BootTime => Read(CLOCK_BOOTTIME);

    static long Read(int clock)
    {
        long* time = stackalloc long[2];
        return clock_gettime(clock, time) == 0 ? (time[0] * 1_000_000_000) + time[1] : 0;
    }

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int clock_gettime(int clock, long* time);
}
