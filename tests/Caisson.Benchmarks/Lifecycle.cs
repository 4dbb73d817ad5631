namespace Caisson.Benchmarks;

/// <summary>The commands of the runtimes themselves, without an engine: one static busybox, the config.json of <c>runc spec</c>.</summary>
sealed class Lifecycle(Options options, Workspace workspace, Contenders contenders, CancellationToken stop)
{
    const int MemoryRounds = 5;

    readonly string _true = workspace.MakeBundle("true", options.Runc, "/bin/true");

    public IEnumerable<Row> MeasureRun() =>
        Rows(Groups.Run, Measure(runtime => runtime.Run(workspace.Errors, "run", "-b", _true, runtime.Id)));

    public IEnumerable<Row> MeasureMemory() =>
        from runtime in contenders.All
        // Not interleaved: other programs do not change it.
        select Row.OfBytes(
            Groups.Memory, runtime.Name,
            Enumerable.Range(0, MemoryRounds).Select(_ => runtime.Peak(workspace.Errors, "run", "-b", _true, runtime.Id)));

    public IEnumerable<Row> MeasureExec()
    {
        string sleeping = workspace.MakeBundle("sleep", options.Runc, "/bin/sleep", "1000000");
        try
        {
            foreach (Contender runtime in contenders.All)
            {
                runtime.Run(workspace.Errors, "run", "-d", "-b", sleeping, runtime.Id);
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
                Cost create = runtime.Run(workspace.Errors, "create", "-b", _true, "--pid-file", pidFile, runtime.Id);
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
            try
            {
                runtime.Run(workspace.Errors, "delete", "--force", runtime.Id);
            }
            catch (InvalidOperationException)
            {
                // There was none.
            }
        }
    }

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
