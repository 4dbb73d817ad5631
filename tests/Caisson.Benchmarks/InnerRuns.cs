using System.Diagnostics;

namespace Caisson.Benchmarks;

/// <summary>
/// <c>docker run</c> at Docker inside of system containers, timed inside: of two that stand side by side, one has the kernel's own
/// /proc and /sys.
/// </summary>
sealed class InnerRuns(Options options, Engine engine, CancellationToken stop)
{
    const int SecondsToStart = 60;
    const string Image = "busybox";

    public IEnumerable<Row> Measure()
    {
        engine.ImportDockerInside(options.Suite);
        string probe = engine.Offer(Probe.Program);
        (string Runtime, string Name, string[] Options)[] outer =
        [
            (Runtimes.System, "inner-view", []),
            (Runtimes.WithoutView, "inner-no-view", ["-e", "CAISSON_VIEW=off"]),
        ];
        try
        {
            foreach ((_, string name, string[] more) in outer)
            {
                engine.Docker([
                    "run", "-d", "--name", name, "--runtime", Engine.System, "-v", $"{probe}:{Probe.Inside}:ro", .. more,
                    Engine.DockerInside, "sleep", "1000000"]);
                AwaitDocker(name);
                engine.Docker("exec", name, "docker", "import", "/usr/share/caisson/busybox.tar", Image);
            }

            long[][][] times = Rounds.Measure(
                options.DockerRounds,
                [.. outer.Select(it => (Func<long[]>)(() => Probe.Parse(engine.Output(
                    "exec", it.Name, Probe.Inside, "spawn", "1", "/usr/bin/docker", "run", "--rm", Image, "true"))))],
                stop, warmUps: 1);
            return [.. outer.Zip(times, (it, each) => Row.OfProbe(Groups.Inner, it.Runtime, Unit.Milliseconds, each.SelectMany(time => time)))];
        }
        finally
        {
            engine.TryDocker(["rm", "-f", "-v", .. outer.Select(it => it.Name)]);
        }
    }

    void AwaitDocker(string name)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!engine.TryDocker("exec", name, "docker", "ps"))
        {
            stop.ThrowIfCancellationRequested();
            if (clock.Elapsed.TotalSeconds > SecondsToStart)
            {
                throw new InvalidOperationException($"Docker in {name} does not answer: {engine.Output("logs", name)}");
            }

            Thread.Sleep(100);
        }
    }
}
