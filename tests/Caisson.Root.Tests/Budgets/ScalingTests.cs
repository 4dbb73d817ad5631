using Caisson.Measuring;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Budgets;

/// <summary>
/// How the cost of <c>create</c> grows, as ratios of processor time in one run: with mounts and layers as little as docs/numbers.md
/// tells, with other containers not at all.
/// </summary>
public sealed class ScalingTests : RootTest
{
    const int Rounds = 9;

    [Theory]
    [InlineData("plain", 5)]
    [InlineData("system", 5)]
    public void AThousandMounts_CostAFewTimesWhatTenDo(string level, double limit)
    {
        using Bundle few = WithBinds(level, 10);
        using Bundle many = WithBinds(level, 1000);

        AssertRatio(limit, Create(level, few), Create(level, many));
    }

    [Fact]
    public void AHundredAndTwentyLayers_CostLittleMoreThanFive()
    {
        string few = MountOverlay("few", 5);
        string many = MountOverlay("many", 120);
        try
        {
            using Bundle five = NewBundle("system", config => config["root"]!["path"] = few);
            using Bundle most = NewBundle("system", config => config["root"]!["path"] = many);

            AssertRatio(1.5, Create("system", five), Create("system", most));
        }
        finally
        {
            Bash($"umount {few} {many}");
        }
    }

    [Theory, ForEachLevel]
    public void FiftyRunningContainers_CostNothing(string level)
    {
        using Bundle bundle = NewBundle(level);
        List<double> alone = Measure(Create(level, bundle));
        List<Bundle> others = [.. Enumerable.Range(0, 50).Select(_ => NewBundle(level, config => config.Args("sleep", "1000")))];
        try
        {
            others.ForEach(one => one.Launch());
            List<double> among = Measure(Create(level, bundle));

            double ratio = Spread.Of(among).Median / Spread.Of(alone).Median;
            Output?.WriteLine($"{ratio:0.00}");
            Assert.True(ratio <= 1.35, $"{ratio:0.00} of the processor time alone");
        }
        finally
        {
            others.ForEach(one => one.Dispose());
        }
    }

    void AssertRatio(double limit, Func<double> few, Func<double> many)
    {
        List<double> less = [];
        List<double> more = [];
        // In turn, so that what else the machine does hits both; the first round is for caches.
        for (int round = 0; round <= Rounds; round++)
        {
            less.Add(few());
            more.Add(many());
        }

        double ratio = Spread.Of(more.Skip(1)).Median / Spread.Of(less.Skip(1)).Median;
        Output?.WriteLine($"{ratio:0.00}");
        Assert.True(ratio <= limit, $"{ratio:0.00} times the processor time, more than {limit}");
    }

    static List<double> Measure(Func<double> create)
    {
        create();
        return [.. Enumerable.Range(0, Rounds).Select(_ => create())];
    }

    // Milliseconds of processor time, without what removes it again.
    Func<double> Create(string level, Bundle bundle) => () =>
    {
        Cost cost = MeasuredProcess.Run($"{Scratch}/errors", CommandLine(level, "create", "-b", bundle.Directory, bundle.Id));
        MeasuredProcess.Run($"{Scratch}/errors", CommandLine(level, "delete", "--force", bundle.Id));
        return cost.Processor.TotalMilliseconds;
    };

    Bundle WithBinds(string level, int count)
    {
        string source = Directory.CreateDirectory($"{Scratch}/source").FullName;
        return NewBundle(level, config =>
        {
            for (int i = 0; i < count; i++)
            {
                config.Bind(source, $"/m/{i}");
            }
        });
    }

    // As an engine has it: a busybox in the lowest layer.
    string MountOverlay(string name, int layers)
    {
        string place = $"{Scratch}/{name}";
        using Bundle source = NewBundle("system");
        Directory.CreateDirectory(place);
        Succeeded(Bash($"cp -a {source.Rootfs} {place}/0"));
        string lower = string.Join(':', Enumerable.Range(0, layers).Reverse().Select(i => Directory.CreateDirectory($"{place}/{i}").FullName));
        foreach (string directory in (string[])["upper", "work", "merged"])
        {
            Directory.CreateDirectory($"{place}/{directory}");
        }

        Succeeded(Bash($"mount -t overlay overlay -o lowerdir={lower},upperdir={place}/upper,workdir={place}/work {place}/merged"));
        return $"{place}/merged";
    }
}
