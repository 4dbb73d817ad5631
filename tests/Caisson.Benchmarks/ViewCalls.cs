namespace Caisson.Benchmarks;

/// <summary>What a container's own view of /proc and /sys costs whoever uses it: single calls, and the first read.</summary>
sealed class ViewCalls(Options options, Workspace workspace, Contender system, Report report, CancellationToken stop)
{
    const int MostRounds = 10;
    const int CallsEach = 100;
    const int MountsEach = 20;
    const int NewContainers = 10;

    readonly int _rounds = Math.Min(options.Rounds, MostRounds);
    readonly string _target = $"{workspace.Root}/mnt";

    public IEnumerable<Row> Measure()
    {
        Directory.CreateDirectory(_target);
        List<Row> rows = [];
        using (ViewContainers containers = new(options, workspace, system, report))
        {
            rows.AddRange(Reads(containers, ""));
            rows.AddRange(Sysctls(containers.Inside));
            rows.AddRange(((string[])["tmpfs", "proc", "sysfs"]).SelectMany(type => Mounts(containers, type, "")));
        }

        using (OneProcessor one = new())
        using (ViewContainers containers = new(options, workspace, system, report))
        {
            rows.AddRange(Reads(containers, Groups.OneProcessor));
            rows.AddRange(Mounts(containers, "tmpfs", Groups.OneProcessor));
        }

        return [.. rows, .. FirstReads()];
    }

    IEnumerable<Row> Reads(ViewContainers containers, string where) => ViewFiles.All.SelectMany(path => Calls(
        Groups.Read(path) + where,
        [containers.Inside, .. ViewFiles.OfLxcfs.Contains(path) ? containers.BesideIt : [], Probe.Outside],
        _ => ["read", path, $"{CallsEach}"]));

    IEnumerable<Row> Sysctls(Probe inside) =>
    [
        .. Calls(Groups.Read(ViewFiles.Namespaced), [inside, Probe.Apart], _ => ["read", ViewFiles.Namespaced, $"{CallsEach}"]),
        .. Calls(Groups.Write(ViewFiles.Namespaced), [inside, Probe.Apart], _ => ["write", ViewFiles.Namespaced, "1", $"{CallsEach}"]),
        // Not outside: that would be the host's own.
        .. Calls(Groups.Write(ViewFiles.Emulated), [inside], _ => ["write", ViewFiles.Emulated, "30", $"{CallsEach}"]),
    ];

    IEnumerable<Row> Mounts(ViewContainers containers, string type, string where) => Calls(
        Groups.Mount(type) + where, [containers.Inside, Probe.Apart],
        it => ["mount", type, it == containers.Inside ? ViewContainers.MountPoint : _target, $"{MountsEach}"]);

    IEnumerable<Row> Calls(string what, Probe[] places, Func<Probe, string[]> arguments)
    {
        long[][][] times = Rounds.Measure(
            _rounds, [.. places.Select(place => (Func<long[]>)(() => place.Run(arguments(place))))], stop, warmUps: 1);
        return [.. places.Zip(times, (place, each) => Row.OfProbe(what, place.Name, Unit.Microseconds, each.SelectMany(it => it)))];
    }

    // By whole commands: the probe's own runtime looks at processors and memory before the probe could look at the clock.
    Row[] FirstReads()
    {
        string bundle = ViewContainers.MakeBundle(options, workspace, "first");
        (Cost First, Cost Next)[] costs = [.. Enumerable.Range(0, NewContainers).Select(index =>
        {
            stop.ThrowIfCancellationRequested();
            using SleepingContainer container = new(system, workspace, bundle, $"first{index}");
            return (container.Exec("/bin/cat", "/proc/uptime"), container.Exec("/bin/cat", "/proc/uptime"));
        })];
        return
        [
            Row.OfTimes(Groups.FirstRead, Runtimes.Untouched, [.. costs.Select(it => it.First)]),
            Row.OfTimes(Groups.FirstRead, Runtimes.Touched, [.. costs.Select(it => it.Next)]),
        ];
    }
}
