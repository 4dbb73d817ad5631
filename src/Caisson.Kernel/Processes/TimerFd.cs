using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>struct itimerspec of time.h.</summary>
[StructLayout(LayoutKind.Sequential)]
struct itimerspec
{
    public long interval_sec;
    public long interval_nsec;
    public long value_sec;
    public long value_nsec;
}

/// <summary>timerfd_create(2): one alarm, readable once it has gone off; processes that share it share the alarm.</summary>
public static unsafe partial class TimerFd
{
    const int CLOCK_MONOTONIC = 1;
    const int TFD_NONBLOCK = 0x800;
    const int TFD_CLOEXEC = 0x80000;

    public static Fd Open()
    {
        int result = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        return result >= 0 ? new Fd(result) : throw KernelException.Last("timerfd_create");
    }

    /// <summary>Sets the alarm this far ahead, instead of an earlier setting.</summary>
    public static void Set(Fd timer, TimeSpan ahead)
    {
        itimerspec time = new() { value_sec = ahead.Ticks / TimeSpan.TicksPerSecond, value_nsec = ahead.Ticks % TimeSpan.TicksPerSecond * 100 };
        if (timerfd_settime(timer, 0, &time, null) != 0)
        {
            throw KernelException.Last("timerfd_settime");
        }
    }

    /// <summary>Makes it unreadable until the next alarm.</summary>
    public static void Clear(Fd timer)
    {
        ulong times;
        _ = read(timer, &times, sizeof(ulong));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_create(int clock, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int timerfd_settime(Fd timer, int flags, itimerspec* time, itimerspec* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(Fd timer, void* buffer, nuint count);
}
