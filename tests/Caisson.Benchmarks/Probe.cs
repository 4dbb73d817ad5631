namespace Caisson.Benchmarks;

/// <summary>tests/Caisson.ViewProbe, which times single calls, at one place: in a container or outside.</summary>
sealed class Probe(string name, Func<string[], string> run)
{
    /// <summary>tests/bench publishes it.</summary>
    public static readonly string Program = SourceTree.PathOf("artifacts/view-probe/Caisson.ViewProbe");

    /// <summary>Where containers have it.</summary>
    public const string Inside = "/probe";

    // In a network namespace of its own nothing of the host's network can be set; proc shows the namespace that it is mounted in.
    const string WithOwnProc = "mount -t proc proc /proc && exec \"$@\"";

    public static Probe Outside { get; } = new(Runtimes.Kernel, arguments => Script.Run(Program, arguments));

    /// <summary>Outside of containers, too, but with mounts and a network that nobody else has.</summary>
    public static Probe Apart { get; } = new(
        Runtimes.Kernel, arguments => Script.Run("/usr/bin/unshare", ["-nm", "--propagation", "private", "sh", "-c", WithOwnProc, "sh", Program, .. arguments]));

    /// <summary>The row of the report.</summary>
    public string Name => name;

    public static Probe In(SleepingContainer container) => new(
        container.Runtime.Name, arguments => container.Runtime.Output(
            ["exec", container.Id, Inside, .. OneProcessor.Number is { } number ? (string[])["on", $"{number}"] : [], .. arguments]));

    /// <summary>Nanoseconds of each time.</summary>
    public long[] Run(params string[] arguments) => Parse(run(arguments));

    public static long[] Parse(string output) => [.. output.Split('\n').Select(long.Parse)];
}
