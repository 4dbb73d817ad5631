using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Cli.Integration;

/// <summary>A running dockerd, known by its pid file.</summary>
static class DockerDaemon
{
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
}
