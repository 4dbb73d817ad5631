using Caisson.Containers.Monitoring;
using Caisson.Kernel.Processes;

namespace Caisson.Cli.Monitor;

/// <summary>When the next worker may start: at once, unless the last ones ended as soon as they began.</summary>
/// <param name="QuickEnds">How many of them in a row.</param>
/// <param name="Until">CLOCK_MONOTONIC in nanoseconds.</param>
readonly record struct Backoff(int QuickEnds, long Until)
{
    const long Millisecond = 1_000_000;
    const int Longest = 5000;

    /// <summary>For poll(2): -1 where nothing is awaited.</summary>
    public int MillisecondsLeft => Until == 0 ? -1 : (int)Math.Max(0, (Until - Clock.Monotonic + Millisecond - 1) / Millisecond);

    /// <summary>After a worker of that age ended. The first three are replaced at once: somebody may be killing them.</summary>
    public Backoff After(TimeSpan age)
    {
        int ends = age < MonitorStatus.QuickEnd ? QuickEnds + 1 : 1;
        int wait = ends <= 3 ? 0 : (int)Math.Min(Longest, 10L << Math.Min(ends - 3, 20));
        return new Backoff(ends, wait == 0 ? 0 : Clock.Monotonic + (wait * Millisecond));
    }
}
