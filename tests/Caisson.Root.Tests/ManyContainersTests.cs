using System.Diagnostics;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Thirty system containers at once.</summary>
public sealed class ManyContainersTests : RootTest
{
    const int Count = 30;

    [Fact]
    public void ThirtySystemContainers_StartInParallel_WithDisjointIds_AndLeaveNothing()
    {
        Bundle[] bundles = [.. Enumerable.Range(0, Count).Select(_ => NewBundle("system", config => config.Args("sleep", "1000")))];
        Stopwatch clock = Stopwatch.StartNew();
        Running[] starts = [.. bundles.Select(bundle => bundle.StartRun("-d"))];
        Assert.All(starts, start => Succeeded(start.Wait(60)));
        TimeSpan started = clock.Elapsed;

        (uint Start, uint Count)[] maps = [.. bundles.Select(bundle => bundle.IdMap()).Order()];
        for (int i = 1; i < Count; i++)
        {
            Assert.True(maps[i - 1].Start + maps[i - 1].Count <= maps[i].Start, $"{maps[i - 1]} and {maps[i]} overlap");
        }

        clock.Restart();
        Running[] answers = [.. bundles.Select(bundle => Host.Start(Scratch, CommandLine("system", "exec", bundle.Id, "echo", bundle.Id)))];
        Assert.Equal(bundles.Select(bundle => bundle.Id), answers.Select(answer => Succeeded(answer.Wait(60))));
        TimeSpan answered = clock.Elapsed;

        clock.Restart();
        Running[] ends = [.. bundles.Select(bundle => Host.Start(Scratch, CommandLine("system", "delete", "--force", bundle.Id)))];
        Assert.All(ends, end => Succeeded(end.Wait(60)));

        Output?.WriteLine(
            $"{Count} started in {started.TotalMilliseconds:F0} ms, answered in {answered.TotalMilliseconds:F0} ms, removed in {clock.Elapsed.TotalMilliseconds:F0} ms");
    }
}
