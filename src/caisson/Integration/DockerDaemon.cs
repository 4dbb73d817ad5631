using System.Diagnostics;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Cli.Integration;

/// <summary>A running dockerd, known by its pid file.</summary>
static class DockerDaemon
{
    /// <summary>The longest step of a file system's clock, and then some.</summary>
    static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(20);

    static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    /// <summary>Makes it read daemon.json again; running containers do not notice. False where none runs.</summary>
    public static bool TryReload(string pidFile)
    {
        if (!int.TryParse(FileText.TryRead(pidFile)?.Trim(), out int pid) || PidFd.TryOpen(pid, out Fd? process) != Errno.None)
        {
            return false;
        }

        using (process)
        {
            // A stale pid file may name another process by now.
            return FileText.TryRead($"/proc/{pid}/comm")?.Trim() == "dockerd"
                && PidFd.TrySignal(process!, Signals.SIGHUP) == Errno.None;
        }
    }

    /// <summary>
    /// As <see cref="TryReload"/>, and returns once it has begun to read the file, which must be new: the first read of a
    /// file sets its access time, with relatime too. Where the file system keeps none, a while must do.
    /// </summary>
    public static bool TryReloadAndWait(string pidFile, string configuration)
    {
        (long, uint) untouched = AccessTime(configuration);
        Thread.Sleep(ClockStep);
        if (!TryReload(pidFile))
        {
            return false;
        }

        long start = Stopwatch.GetTimestamp();
        while (AccessTime(configuration) == untouched && Stopwatch.GetElapsedTime(start) < LongestRead)
        {
            Thread.Sleep(5);
        }

        return true;
    }

    static (long, uint) AccessTime(string path) => Stat.TryOf(Fd.CurrentDirectory, path, out statx stat) == Errno.None
        ? (stat.stx_atime.tv_sec, stat.stx_atime.tv_nsec)
        : default;
}
