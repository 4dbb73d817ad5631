using Caisson.Cli.Monitor;
using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Monitoring;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Cli.Commands;

/// <summary><c>repair</c></summary>
static class RepairCommand
{
    public static Command Command { get; } = new(
        "repair", "CONTAINER", "give a container that runs a monitor again, if it lost it",
        [new("upgrade", '\0', null, "let this program serve its view from now on, also if nothing is broken")], Run);

    static int Run(Invocation invocation)
    {
        using Container container = invocation.OpenContainer();
        MonitorStatus? before = container.ReadMonitor();
        if (before is null)
        {
            throw new UserError($"container \"{container.Id.Value}\" has no view of its own", "nothing is to be repaired");
        }

        container.RequireRunning();
        if (before.HolderPid == 0)
        {
            container.RestoreMonitor(MonitorLayout.Setup);
        }

        if (invocation.Line.Has("upgrade"))
        {
            using Fd executable = OpenAt2.Open("/proc/self/exe", OpenFlags.O_PATH);
            container.RequestOfMonitor(MonitorMessage.Upgrade, executable);
        }

        return 0;
    }
}
