using System.ComponentModel;

namespace Caisson.Benchmarks;

/// <summary>
/// Measures how long containers take to start and what it costs, side by side with other runtimes: docs/numbers.md tells what is
/// promised. Absolute times say little on a busy machine; ratios of one run hold.
/// </summary>
static class Program
{
    static int Main(string[] args)
    {
        Options options;
        try
        {
            if (args is ["--help"] or ["-h"])
            {
                Console.WriteLine(Options.Usage);
                return 0;
            }

            options = Options.Parse(args);
        }
        catch (FormatException mistake)
        {
            Console.Error.WriteLine($"bench: {mistake.Message}\n{Options.Usage}");
            return 2;
        }

        if (Environment.UserName != "root")
        {
            Console.Error.WriteLine("bench: containers are made by root only");
            return 2;
        }

        using CancellationTokenSource stop = new();
        // What runs ends by the same signal; then all is cleaned up as after a failure.
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return Measure(options, stop.Token);
        }
        catch (Exception failure) when (failure is InvalidOperationException or Win32Exception or IOException or OperationCanceledException)
        {
            Console.Error.WriteLine($"bench: {failure.Message}");
            return stop.IsCancellationRequested ? 130 : 2;
        }
    }

    static int Measure(Options options, CancellationToken stop)
    {
        Report report = new(Machine.Describe());
        using Workspace workspace = new();
        using (Contenders contenders = new(options, workspace))
        {
            MeasureCommands(options, workspace, contenders, report, stop);
        }

        if (options.WantsDocker)
        {
            MeasureDocker(options, workspace, report, stop);
        }

        Console.Write(report.Render());
        if (options.Json is not null)
        {
            File.WriteAllText(options.Json, report.RenderJson());
        }

        return options.Check && !report.IsGood ? 1 : 0;
    }

    static void MeasureCommands(Options options, Workspace workspace, Contenders contenders, Report report, CancellationToken stop)
    {
        foreach (Contender contender in contenders.All)
        {
            report.Note($"{contender.Name}: {contender.Description}");
        }

        if (contenders.All.All(it => it.Name != Runtimes.Crun))
        {
            report.Skip(Runtimes.Crun, "it is not installed");
        }

        Lifecycle lifecycle = new(options, workspace, contenders, stop);
        ViewCalls view = new(options, workspace, contenders.System, report, stop);
        Idle idle = new(options, workspace, contenders.System, stop);
        (string Part, Func<IEnumerable<Row>> Measure)[] parts =
        [
            ("run", lifecycle.MeasureRun),
            ("exec", lifecycle.MeasureExec),
            ("steps", lifecycle.MeasureSteps),
            ("memory", lifecycle.MeasureMemory),
            ("size", () => [Row.OfBytes(Groups.Size, Runtimes.Binary, [new FileInfo(options.Caisson).Length])]),
            ("view", view.Measure),
            ("idle", idle.Measure),
        ];
        try
        {
            foreach ((string part, Func<IEnumerable<Row>> measure) in parts.Where(it => options.Selected.Contains(it.Part)))
            {
                Progress(part);
                report.Add(measure());
            }
        }
        finally
        {
            lifecycle.DeleteAll();
        }
    }

    static void MeasureDocker(Options options, Workspace workspace, Report report, CancellationToken stop)
    {
        Progress($"starting Docker of {options.Suite}");
        Engine engine;
        try
        {
            engine = new Engine(options, workspace);
        }
        catch (InvalidOperationException failure)
        {
            report.Skip("Docker", failure.Message);
            return;
        }

        using (engine)
        {
            DockerRuns runs = new(options, engine, stop);
            report.Note($"Docker: {options.Suite}'s");
            if (options.Selected.Contains("docker"))
            {
                Progress("docker");
                report.Add(runs.MeasureRun());
            }

            if (options.Selected.Contains("nested"))
            {
                Progress("nested");
                report.Add(runs.MeasureNested(out string note));
                report.Note($"{Runtimes.Privileged}: {note}");
            }

            if (options.Selected.Contains("inner"))
            {
                Progress("inner");
                report.Add(new InnerRuns(options, engine, stop).Measure());
            }
        }
    }

    static void Progress(string what) => Console.Error.WriteLine($"measuring: {what}");
}
