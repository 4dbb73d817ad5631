using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// Engines stop a container by SIGTERM unless its image says otherwise. To systemd as a first process that means "execute
/// yourself again" (systemd(1), Signals), so that nothing is shut down before the engine loses patience and kills it.
/// </summary>
static class StopSignal
{
    /// <summary>The signal to send to a system container's first process for the one that was asked for.</summary>
    /// <param name="signal">Its number.</param>
    /// <param name="pid">The first process, as the host counts.</param>
    public static int For(int signal, int pid) => signal == Signals.SIGTERM && IsSystemd(pid) ? Signals.FirstRealTime + 3 : signal;

    // By the program's name in the container; one that calls itself so is free to misunderstand its own signals.
    static bool IsSystemd(int pid) =>
        Nodes.TryReadLink(Fd.CurrentDirectory, $"/proc/{pid}/exe") is { } program && program.EndsWith("/systemd", StringComparison.Ordinal);
}
