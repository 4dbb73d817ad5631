using Caisson.Measuring;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Budgets;

/// <summary>
/// A short form of the benchmark, for machines that do other things meanwhile: ratios to runc in the same minute, with room for
/// noise that a real loss of speed does not fit in. docs/numbers.md has the promises themselves.
/// </summary>
public sealed class BudgetTests : RootTest
{
    const string Runc = "/usr/bin/runc";
    const int Rounds = 15;
    const double MiB = 1024 * 1024;

    // Usual are 0.41 to 0.54 of the processor time, busy or not. The time that passes is usually 0.4 to 0.6, but was 0.8 at
    // worst for system containers, whose end waits for more of the kernel: that limit is there for sleeps.
    [Theory]
    [InlineData("plain", "on", 0.65, 1.0)]
    [InlineData("system", "off", 0.65, 1.25)]
    // With a view of its own a container usually takes 0.85: too much, docs/numbers.md has the budget that it is to keep.
    [InlineData("system", "on", 1.0, 1.25)]
    public void Run_TakesLessThanRuncs(string level, string view, double processorLimit, double wallLimit)
    {
        if (!File.Exists(Runc))
        {
            Assert.Skip($"there is no {Runc} to compare with");
        }

        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("true");
            config["annotations"] = Config.Json(new Dictionary<string, string> { ["io.caisson.view"] = view });
        });
        string[] ours = CommandLine(level, "run", "-b", bundle.Directory, bundle.Id);
        string[] theirs = [Runc, "--root", $"{Scratch}/runc", "run", "-b", bundle.Directory, bundle.Id];
        List<Cost> our = [];
        List<Cost> their = [];
        // In turn, so that what else the machine does hits both; the first round is for caches.
        for (int round = 0; round <= Rounds; round++)
        {
            our.Add(MeasuredProcess.Run(Errors, ours));
            their.Add(MeasuredProcess.Run(Errors, theirs));
        }

        double processor = Ratio(our, their, it => it.Processor);
        double wall = Ratio(our, their, it => it.Wall);
        Output?.WriteLine($"of runc's: processor time {processor:0.00}, wall time {wall:0.00}");
        Assert.True(processor <= processorLimit, $"{processor:0.00} of runc's processor time, more than {processorLimit}");
        Assert.True(wall <= wallLimit, $"{wall:0.00} of runc's time, more than {wallLimit}");
    }

    [Theory]
    [InlineData("plain", true, 6)]
    [InlineData("system", false, 6)]
    [InlineData("system", true, 6)]
    public void Run_NeedsLittleMemory(string level, bool hasView, double limit)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("true");
            config.Env($"CAISSON_VIEW={(hasView ? "on" : "off")}");
        });
        string[] command = CommandLine(level, "run", "-b", bundle.Directory, bundle.Id);
        double peak = Spread.Of(Enumerable.Range(0, 3).Select(_ => MeasuredProcess.Peak(Errors, command) / MiB)).Median;

        Assert.True(peak <= limit, $"{peak:0.00} MiB");
    }

    string Errors => $"{Scratch}/errors";

    static double Ratio(List<Cost> our, List<Cost> their, Func<Cost, TimeSpan> measure) =>
        Median(our, measure) / Median(their, measure);

    static double Median(List<Cost> costs, Func<Cost, TimeSpan> measure) =>
        Spread.Of(costs.Skip(1).Select(it => measure(it).TotalMilliseconds)).Median;
}
