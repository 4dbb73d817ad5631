using System.Text.Json.Nodes;

namespace Caisson.Benchmarks;

/// <summary>What a container's own view of /proc and /sys costs whoever uses it: single calls, and the first read.</summary>
sealed class ViewCalls(Options options, Workspace workspace, Contender system, Report report, CancellationToken stop)
{
    const int MostRounds = 10;
    const int CallsEach = 100;
    const int MountsEach = 20;
    const int NewContainers = 10;
    const string MountPoint = "/mnt";

    // What there is to emulate.
    static readonly JsonNode Limits = JsonNode.Parse("""{"memory": {"limit": 268435456}, "cpu": {"quota": 150000, "period": 100000}}""")!;

    readonly int _rounds = Math.Min(options.Rounds, MostRounds);

    public IEnumerable<Row> Measure()
    {
        using Lxcfs? lxcfs = StartLxcfs();
        using SleepingContainer container = new(system, workspace, MakeBundle("view"), "view");
        using SleepingContainer? other = lxcfs is null ? null : new(lxcfs.Contender, workspace, MakeBundle("lxcfs-view", lxcfs.AddTo), "view");
        CheckLimit(container);
        CheckLimit(other);
        Probe inside = Probe.In(container);
        Probe[] beside = other is null ? [] : [Probe.In(other)];
        string target = $"{workspace.Root}/mnt";
        Directory.CreateDirectory(target);
        List<Row> rows = [];
        foreach (string path in ViewFiles.All)
        {
            rows.AddRange(Calls(
                Groups.Read(path), [inside, .. ViewFiles.OfLxcfs.Contains(path) ? beside : [], Probe.Outside], _ => ["read", path, $"{CallsEach}"]));
        }

        rows.AddRange(Calls(Groups.Read(ViewFiles.Namespaced), [inside, Probe.Apart], _ => ["read", ViewFiles.Namespaced, $"{CallsEach}"]));
        rows.AddRange(Calls(Groups.Write(ViewFiles.Namespaced), [inside, Probe.Apart], _ => ["write", ViewFiles.Namespaced, "1", $"{CallsEach}"]));
        // Not outside: that would be the host's own.
        rows.AddRange(Calls(Groups.Write(ViewFiles.Emulated), [inside], _ => ["write", ViewFiles.Emulated, "30", $"{CallsEach}"]));
        foreach (string type in (string[])["tmpfs", "proc", "sysfs"])
        {
            rows.AddRange(Calls(
                Groups.Mount(type), [inside, Probe.Apart], it => ["mount", type, it == inside ? MountPoint : target, $"{MountsEach}"]));
        }

        return [.. rows, .. FirstReads()];
    }

    IEnumerable<Row> Calls(string what, Probe[] places, Func<Probe, string[]> arguments)
    {
        long[][][] times = Rounds.Measure(
            _rounds, [.. places.Select(place => (Func<long[]>)(() => place.Run(arguments(place))))], stop, warmUps: 1);
        return [.. places.Zip(times, (place, each) => Row.OfProbe(what, place.Name, Unit.Microseconds, each.SelectMany(it => it)))];
    }

    // By whole commands: the probe's own runtime looks at processors and memory before the probe could look at the clock.
    Row[] FirstReads()
    {
        string bundle = MakeBundle("first");
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

    string MakeBundle(string name, Action<JsonNode>? change = null)
    {
        string bundle = workspace.MakeBundle(name, options.Runc, ["/bin/sleep", "1000000"], config =>
        {
            foreach ((string limit, JsonNode? value) in Limits.AsObject())
            {
                config["linux"]!["resources"]![limit] = value!.DeepClone();
            }

            change?.Invoke(config);
        });
        Directory.CreateDirectory(bundle + "/rootfs" + MountPoint);
        File.Copy(Probe.Program, bundle + "/rootfs" + Probe.Inside, overwrite: true);
        return bundle;
    }

    // A file that is not what it should be would be measured all the same.
    static void CheckLimit(SleepingContainer? container)
    {
        if (container?.Runtime.Output("exec", container.Id, "/bin/cat", "/proc/meminfo").StartsWith("MemTotal:         262144 kB", StringComparison.Ordinal) == false)
        {
            throw new InvalidOperationException($"/proc/meminfo in {container.Id} does not tell of its limit");
        }
    }

    Lxcfs? StartLxcfs()
    {
        try
        {
            Lxcfs lxcfs = new(options, workspace);
            report.Note($"{Runtimes.Lxcfs}: {lxcfs.Contender.Description}");
            return lxcfs;
        }
        catch (InvalidOperationException failure)
        {
            report.Skip(Runtimes.Lxcfs, failure.Message);
            return null;
        }
    }
}
