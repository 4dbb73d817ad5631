using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Cli.Monitor;

/// <summary>How willingly the out-of-memory killer takes this process (proc_pid_oom_score_adj(5)).</summary>
static class OomScore
{
    /// <summary>Lower than the engine's: a container's memory is not worth its view. Without CAP_SYS_RESOURCE it stays.</summary>
    public static void TryLower() => _ = FileText.TryWrite(Fd.CurrentDirectory, "/proc/self/oom_score_adj", "-999");
}
