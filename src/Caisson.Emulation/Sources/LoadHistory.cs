namespace Caisson.Emulation.Sources;

/// <summary>
/// The container's load averages. The kernel samples how many tasks run every five seconds; nobody wakes up for us, so the
/// CPU time used since somebody last looked takes the place of the samples: divided by the time it is the mean number of tasks
/// that ran. Tasks that waited are not counted, and a time in which nobody looked counts with its mean. Begins when the
/// container does, with what it used since.
/// </summary>
sealed class LoadHistory
{
    /// <summary>Fixed point, as sysinfo(2) has it (SI_LOAD_SHIFT).</summary>
    public const int Scale = 65536;

    const double Nanoseconds = 1e9;
    const double ShortestSample = 1;

    readonly Lock _lock = new();
    double _time;
    double _used;
    double _load1;
    double _load5;
    double _load15;
    double _rate;

    /// <param name="age">Of the container, in nanoseconds.</param>
    /// <param name="used">CPU time of the container, in nanoseconds.</param>
    public LoadAverages Update(long age, long used)
    {
        lock (_lock)
        {
            double elapsed = (age / Nanoseconds) - _time;
            if (elapsed >= ShortestSample)
            {
                // A container may be moved to another cgroup, where the count begins anew.
                _rate = Math.Max(0, (used / Nanoseconds) - _used) / elapsed;
                _time += elapsed;
                _used = used / Nanoseconds;
                _load1 = Decay(_load1, elapsed / 60);
                _load5 = Decay(_load5, elapsed / 300);
                _load15 = Decay(_load15, elapsed / 900);
            }

            // A twentieth of a task is the reader's own doing.
            int running = (int)Math.Ceiling(_rate - 0.05);
            return new LoadAverages((long)(_load1 * Scale), (long)(_load5 * Scale), (long)(_load15 * Scale), running);
        }
    }

    double Decay(double load, double periods)
    {
        double kept = Math.Exp(-periods);
        return (load * kept) + (_rate * (1 - kept));
    }
}
