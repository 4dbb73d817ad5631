using Caisson.Containers;
using Caisson.Containers.Cgroups;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.State;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>events</c></summary>
static class EventsCommand
{
    public static Command Command { get; } = new(
        "events", "CONTAINER", "print statistics, and lack of memory, as JSON lines",
        [
            new("stats", '\0', null, "print the statistics once"),
            new("interval", '\0', "DURATION", "time between two lines, such as 5s (default)"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        using Container container = invocation.OpenContainer();
        Cgroup cgroup = container.Status != ContainerStatus.Stopped
            ? container.RequireCgroup()
            : throw new UserError($"container \"{invocation.Id}\" is not running", "statistics end with the container");
        if (invocation.Line.Has("stats"))
        {
            Print(invocation.Id, cgroup);
            return 0;
        }

        TimeSpan interval = Duration.Parse(invocation.Line.Value("interval") ?? "5s");
        // The second managed thread is harmless here: this command never clones.
        Thread watcher = new(() => WatchMemory(invocation.Id, cgroup)) { IsBackground = true, Name = "memory events" };
        watcher.Start();
        while (cgroup.Exists)
        {
            Print(invocation.Id, cgroup);
            Thread.Sleep(interval);
        }

        return 0;
    }

    static void Print(ContainerId id, Cgroup cgroup) => Output.Write(OciJson.Write(
        new RuntimeEvent { Type = "stats", Id = id.ToString(), Data = CgroupStats.Read(cgroup) }));

    static void WatchMemory(ContainerId id, Cgroup cgroup)
    {
        foreach (ulong _ in OomWatch.Watch(cgroup))
        {
            Output.Write(OciJson.Write(new RuntimeEvent { Type = "oom", Id = id.ToString() }));
        }
    }
}
