namespace Caisson.Benchmarks;

/// <summary>The commands of the runtimes themselves, without an engine: one static busybox, the config.json of <c>runc spec</c>.</summary>
sealed class Lifecycle(Options options, Workspace workspace, Contenders contenders, CancellationToken stop)
{
    const int MemoryRounds = 5;

    public IEnumerable<Row> MeasureRun() =>
        Rows(Groups.Run, Measure(runtime => runtime.Run(workspace.Errors, "run", "-b", True(runtime), runtime.Id)));

    public IEnumerable<Row> MeasureMemory() =>
        from runtime in contenders.All
        // Not interleaved: other programs do not change it.
        select Row.OfBytes(
            Groups.Memory, runtime.Name,
            Enumerable.Range(0, MemoryRounds).Select(_ => runtime.Peak(workspace.Errors, "run", "-b", True(runtime), runtime.Id)));

    public IEnumerable<Row> MeasureExec()
    {
        try
        {
            foreach (Contender runtime in contenders.All)
            {
                runtime.Run(workspace.Errors, "run", "-d", "-b", BundleFor(runtime, "sleep", "/bin/sleep", "1000000"), runtime.Id);
            }

            return Rows(Groups.Exec, Measure(runtime => runtime.Run(workspace.Errors, "exec", runtime.Id, "/bin/true")));
        }
        finally
        {
            DeleteAll();
        }
    }

    public IEnumerable<Row> MeasureSteps()
    {
        string pidFile = $"{workspace.Root}/pid";
        try
        {
            (Cost Create, Cost Start, Cost Delete)[][] all = Measure(runtime =>
            {
                Cost create = runtime.Run(workspace.Errors, "create", "-b", True(runtime), "--pid-file", pidFile, runtime.Id);
                Cost start = runtime.Run(workspace.Errors, "start", runtime.Id);
                AwaitEnd(int.Parse(File.ReadAllText(pidFile)));
                return (create, start, runtime.Run(workspace.Errors, "delete", runtime.Id));
            });
            return
            [
                .. Rows(Groups.Create, [.. all.Select(it => it.Select(step => step.Create).ToArray())]),
                .. Rows(Groups.Start, [.. all.Select(it => it.Select(step => step.Start).ToArray())]),
                .. Rows(Groups.Delete, [.. all.Select(it => it.Select(step => step.Delete).ToArray())]),
            ];
        }
        finally
        {
            DeleteAll();
        }
    }

    T[][] Measure<T>(Func<Contender, T> measure) =>
        Rounds.Measure(options.Rounds, [.. contenders.All.Select(runtime => (Func<T>)(() => measure(runtime)))], stop);

    IEnumerable<Row> Rows(string what, Cost[][] costs) =>
        contenders.All.Zip(costs, (runtime, each) => Row.OfTimes(what, runtime.Name, each));

    /// <summary>Also after a measurement that failed or was interrupted.</summary>
    public void DeleteAll()
    {
        foreach (Contender runtime in contenders.All)
        {
            runtime.TryDelete(workspace.Errors, runtime.Id);
        }
    }

    string True(Contender runtime) => BundleFor(runtime, "true", "/bin/true");

    // One for all, so that they share its pages, but for who wants another environment.
    string BundleFor(Contender runtime, string name, params string[] args) => runtime.IsViewOff
        ? workspace.MakeBundle($"{name}-no-view", options.Runc, args, config => config["process"]!["env"]!.AsArray().Add("CAISSON_VIEW=off"))
        : workspace.MakeBundle(name, options.Runc, args);

    // The parent that a container's first process is left to may collect it late; ended it has all the same.
    static void AwaitEnd(int pid)
    {
        while (true)
        {
            try
            {
                if (File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal))
                {
                    return;
                }
            }
            catch (IOException)
            {
                return;
            }

            Thread.Sleep(1);
        }
    }
}
