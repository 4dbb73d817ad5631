using System.Diagnostics;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>
/// Many inner containers in several system containers at once, and what that leaves: nothing on the host, nothing more inside, and
/// monitors that have not grown. <c>make soak</c> runs it long; SOAK says how long, as containers x runs.
/// </summary>
[Collection(typeof(OnBookworm))]
public sealed class SoakTests(BookwormEngine engine, ITestOutputHelper output) : EngineTests(engine)
{
    const int FirstRuns = 3;
    const int RunsOfPart = 10;
    const int SlackPages = 512;

    [Fact]
    public void InnerContainers_StartAndEnd_ManyTimes()
    {
        int[] size = [.. (Environment.GetEnvironmentVariable("SOAK") ?? "3x10").Split('x').Select(int.Parse)];
        List<Outer> outers = [];
        try
        {
            for (int i = 0; i < size[0]; i++)
            {
                outers.Add(new Outer(Engine, $"soak-{i}").Start("dind").ImportBusybox());
            }

            // What is made once and kept: caches, the worker, the engine's databases.
            Assert.All(RunAll(outers, FirstRuns), failures => Assert.Equal("0", failures));
            Traces[] before = [.. outers.Select(outer => TracesOf(outer))];
            Stopwatch clock = Stopwatch.StartNew();

            Assert.All(RunAll(outers, size[1]), failures => Assert.Equal("0", failures));

            output.WriteLine($"{size[0]} x {size[1]} inner containers in {clock.Elapsed.TotalSeconds:F0} s");
            for (int i = 0; i < outers.Count; i++)
            {
                Traces after = TracesOf(outers[i]);
                output.WriteLine($"{before[i]} -> {after}");
                Assert.Equal(
                    (before[i].Mounts, before[i].Cgroups, before[i].Processes, before[i].Storage), (after.Mounts, after.Cgroups, after.Processes, after.Storage));
                Assert.True(after.Descriptors <= before[i].Descriptors + 2, $"{before[i]} -> {after}");
                Assert.True(after.MonitorPages <= before[i].MonitorPages + SlackPages, $"{before[i]} -> {after}");
            }
        }
        finally
        {
            outers.ForEach(outer => outer.Dispose());
        }
    }

    /// <param name="Mounts">In the container's mount namespace.</param>
    /// <param name="Cgroups">Directories below its cgroups.</param>
    /// <param name="Processes">Inside, but for those that have ended: the first process, a sleep, waits for nobody.</param>
    /// <param name="Storage">Inner containers' directories in its storage.</param>
    /// <param name="Descriptors">Of the monitor's processes.</param>
    /// <param name="MonitorPages">Their resident memory.</param>
    sealed record Traces(int Mounts, int Cgroups, int Processes, int Storage, int Descriptors, long MonitorPages);

    // In parts that fit the time that one command of the engine has.
    static string[] RunAll(List<Outer> outers, int runs) =>
    [
        .. Enumerable.Range(0, (runs + RunsOfPart - 1) / RunsOfPart).SelectMany(part =>
            outers.AsParallel().WithDegreeOfParallelism(outers.Count).Select(outer => RunPart(outer, Math.Min(RunsOfPart, runs - (part * RunsOfPart))))),
    ];

    static string RunPart(Outer outer, int runs) => outer.Inside(
        $"failed=0; for i in $(seq {runs}); do [ \"$(docker run --rm bb sh -c 'cat /proc/uptime >/dev/null && echo fine')\" = fine ] || failed=$((failed + 1)); done; echo $failed");

    static Traces TracesOf(Outer outer)
    {
        int[] monitors = [.. Leftovers.Monitors(outer.Id).Select(line => int.Parse(line.Split(' ')[1]))];
        int[] inside =
        [
            .. outer.Inside(
                "wc -l </proc/self/mountinfo; find /sys/fs/cgroup -type d | wc -l; grep -L '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l; ls /var/lib/docker/overlay2 | wc -l")
                .Split('\n').Select(int.Parse),
        ];
        return new Traces(
            inside[0], inside[1], inside[2], inside[3],
            monitors.Sum(pid => Directory.GetFileSystemEntries($"/proc/{pid}/fd").Length),
            monitors.Sum(pid => long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1])));
    }
}
