namespace Caisson.Benchmarks;

/// <summary>What many system containers that do nothing cost the machine for their view of /proc and /sys.</summary>
sealed class Idle(Options options, Workspace workspace, Contender system, CancellationToken stop)
{
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Watched = TimeSpan.FromSeconds(5);

    public IEnumerable<Row> Measure()
    {
        string bundle = workspace.MakeBundle("idle", options.Runc, ["/bin/sleep", "1000000"]);
        List<SleepingContainer> containers = [];
        try
        {
            while (containers.Count < options.Idle)
            {
                stop.ThrowIfCancellationRequested();
                containers.Add(new SleepingContainer(system, workspace, bundle, $"idle{containers.Count}"));
            }

            Row[] before = Look(Runtimes.Untouched);
            foreach (SleepingContainer container in containers)
            {
                stop.ThrowIfCancellationRequested();
                container.Exec("/bin/cat", "/proc/meminfo");
            }

            return [.. before.Concat(Look(Runtimes.Touched)).OrderBy(row => row.What, StringComparer.Ordinal)];
        }
        finally
        {
            containers.ForEach(container => container.Dispose());
        }
    }

    Row[] Look(string when)
    {
        stop.WaitHandle.WaitOne(Rest);
        IReadOnlyList<MonitorProcess> processes = MonitorProcess.Below(workspace.States);
        long switches = processes.Sum(it => it.Switches());
        stop.WaitHandle.WaitOne(Watched);
        stop.ThrowIfCancellationRequested();
        switches = processes.Sum(it => it.Switches()) - switches;
        long[] memory = [.. processes.GroupBy(it => it.Log, (_, each) => each.Sum(it => it.Memory()))];
        return memory.Length == options.Idle
            ? [Row.OfBytes(Groups.IdleMemory, when, memory), Row.OfCount(Groups.IdleSwitches, when, switches)]
            : throw new InvalidOperationException($"{options.Idle} containers have {memory.Length} monitors");
    }
}
