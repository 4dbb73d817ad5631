using Caisson.Emulation.Sources;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Sources;

public sealed class CpuReadingTests
{
    [Theory]
    [InlineData("max 100000", 4)]
    [InlineData("150000 100000", 2)] // --cpus 1.5
    [InlineData("100000 100000", 1)]
    [InlineData("100001 100000", 2)]
    [InlineData("1000 100000", 1)] // never none
    [InlineData("900000 100000", 4)] // never more than there are
    [InlineData("9223372036854775807 1", 4)]
    [InlineData("100000 0", 4)]
    [InlineData("100000", 4)]
    [InlineData("", 4)]
    public void A_quota_is_worth_CPUs_rounded_up(string quota, int count)
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpu.max", quota + "\n");

        CpuShare cpus = CpuReading.Read(host.From());

        Assert.Equal(count, cpus.Count);
        Assert.Equal(count == 4, cpus.IsWhole);
    }

    [Theory]
    [InlineData("-1", "100000", 4)]
    [InlineData("150000", "100000", 2)]
    [InlineData("0", "100000", 1)]
    public void Version_1_has_quota_and_period_apart(string quota, string period, int count)
    {
        using TestHost host = TestHost.Joint();
        host.Set("cpu,cpuacct", "cpu.cfs_quota_us", quota + "\n");
        host.Set("cpu,cpuacct", "cpu.cfs_period_us", period + "\n");

        Assert.Equal(count, CpuReading.Read(host.From()).Count);
    }

    [Theory]
    [InlineData("1,3", "max 100000", 2, false)]
    [InlineData("1-3", "150000 100000", 2, true)]
    [InlineData("0-3", "max 100000", 4, false)]
    [InlineData("3", "400000 100000", 1, false)]
    [InlineData("", "max 100000", 4, false)] // no controller
    [InlineData("6-7", "max 100000", 4, false)] // none that is online
    public void A_quota_and_a_cpuset_both_limit(string set, string quota, int count, bool isSpread)
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpuset.cpus.effective", set + "\n");
        host.Set("", "cpu.max", quota + "\n");

        CpuShare cpus = CpuReading.Read(host.From());

        Assert.Equal((count, isSpread), (cpus.Count, cpus.IsSpread));
    }

    [Fact]
    public void An_inner_container_sees_the_smallest_quota_above_it_and_its_own_cpuset()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpu.max", "300000 100000\n");
        host.Set("", "cpuset.cpus.effective", "0-3\n");
        host.Set("", "cpu.max", "200000 100000\n", below: "docker");
        host.Set("", "cpu.max", "max 100000\n", below: "docker/4567");
        host.Set("", "cpuset.cpus.effective", "2\n", below: "docker/set");
        host.Place(1, "docker/4567/service");
        host.Place(2, "docker/set/service");

        Assert.Equal(3, CpuReading.Read(host.From()).Count);
        Assert.Equal(2, CpuReading.Read(host.From(1)).Count);
        Assert.Equal(1, CpuReading.Read(host.From(2)).Count);
    }

    [Fact]
    public void In_version_1_an_empty_cpuset_is_that_of_the_cgroup_above()
    {
        using TestHost host = TestHost.Version1();
        host.Set("cpuset", "cpuset.effective_cpus", "0-1\n");
        host.Set("cpuset", "cpuset.effective_cpus", "\n", below: "inner");
        host.Set("cpuset", "cpuset.cpus", "\n", below: "inner");
        host.Place(1, "inner");

        Assert.Equal(2, CpuReading.Read(host.From(1)).Count);
    }

    [Fact]
    public void Version_1_tells_the_time_on_each_CPU()
    {
        using TestHost host = TestHost.Version1();
        host.Set("cpuset", "cpuset.effective_cpus", "1,3\n");
        host.Set("cpuacct", "cpuacct.usage_all", Golden.Text("emulation/cpuacct.usage_all"));

        CpuShare cpus = CpuReading.ReadWithUsage(host.From());

        Assert.Equal((2500000000, 250000000), cpus.TimeOn(1));
        Assert.Equal((100000000, 10000000), cpus.TimeOn(3));
        Assert.Equal(4100000000, cpus.Usage.User);
    }

    [Fact]
    public void Version_2_tells_the_sum_which_is_spread()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpuset.cpus.effective", "1,3\n");
        host.Set("", "cpu.stat", Golden.Text("emulation/cpu.stat"));

        CpuShare cpus = CpuReading.ReadWithUsage(host.From());

        Assert.Equal((2050000000, 380000000), cpus.TimeOn(1));
        Assert.Equal((2050000000, 380000000), cpus.TimeOn(3));
    }

    [Fact]
    public void A_limited_inner_cgroup_shows_its_own_time()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpu.max", "max 100000\n");
        host.Set("", "cpu.stat", Golden.Text("emulation/cpu.stat"));
        host.Set("", "cpu.max", "100000 100000\n", below: "inner");
        host.Set("", "cpu.stat", "usage_usec 3\nuser_usec 2\nsystem_usec 1\n", below: "inner");
        host.Place(1, "inner/service");

        Assert.Equal(2000, CpuReading.ReadWithUsage(host.From(1)).Usage.User);
        Assert.Equal(4100000000, CpuReading.ReadWithUsage(host.From()).Usage.User);
    }

    [Fact]
    public void A_cpuset_of_thousands_of_levels_costs_no_more_than_a_few()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpuset.cpus.effective", "0-1\n");
        host.Place(1, string.Join('/', Enumerable.Repeat("a", 1500)));

        Assert.Equal(2, CpuReading.Read(host.From(1)).Count);
    }
}
