namespace Caisson.Benchmarks;

/// <summary>What a person at a Docker engine waits for: the client's whole time.</summary>
sealed class DockerRuns(Options options, Engine engine, CancellationToken stop)
{
    // The volume gives the inner engine a file system on which overlay2 works, as Caisson's containers have without asking.
    static readonly string[] Volume = ["-v", "/var/lib/docker"];

    // All of --privileged that a machine without CAP_SYS_RESOURCE can give, devices excepted.
    static readonly string[] NearlyPrivileged =
    [
        "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--security-opt", "seccomp=unconfined",
        "--security-opt", "systempaths=unconfined", "--security-opt", "apparmor=unconfined",
    ];

    public IEnumerable<Row> MeasureRun()
    {
        engine.ImportBusybox();
        return Measure(
            Groups.Docker, options.DockerRounds,
            (Runtimes.Plain, ["--runtime", Engine.Plain, Engine.Busybox, "true"]),
            (Runtimes.System, ["--runtime", Engine.System, Engine.Busybox, "true"]),
            (Runtimes.Runc, ["--runtime", Engine.Runc, Engine.Busybox, "true"]));
    }

    /// <summary>The image's entrypoint starts dockerd, awaits it and becomes <c>docker ps</c>: nothing polls from outside.</summary>
    public IEnumerable<Row> MeasureNested(out string note)
    {
        engine.ImportBusybox();
        engine.ImportDockerInside(options.Suite);
        bool whole = engine.TryDocker("run", "--rm", "--privileged", Engine.Busybox, "true");
        note = whole ? "runc with --privileged" : $"runc with as much of --privileged as works here: {string.Join(' ', NearlyPrivileged)}";
        return Measure(
            Groups.Nested, options.NestedRounds,
            (Runtimes.System, ["--runtime", Engine.System, Engine.DockerInside, "docker", "ps"]),
            (Runtimes.Privileged,
                ["--runtime", Engine.Runc, .. whole ? ["--privileged"] : NearlyPrivileged, .. Volume, Engine.DockerInside, "docker", "ps"]));
    }

    Row[] Measure(string what, int rounds, params (string Name, string[] Arguments)[] runs)
    {
        Cost[][] costs = Rounds.Measure(
            rounds, [.. runs.Select(run => (Func<Cost>)(() => engine.Docker(["run", "--rm", .. run.Arguments])))], stop, warmUps: 1);
        // The processor time would be the client's.
        return [.. runs.Zip(costs, (run, each) => Row.OfTimes(what, run.Name, each, withProcessor: false))];
    }
}
