using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Proc;

/// <summary>Views as whole texts: a host with four CPUs and 24 GiB, seen from containers with limits.</summary>
public sealed class ViewTests
{
    const long Second = 1_000_000_000;
    const long MiB = 1024 * 1024;

    static readonly MemoryFacts Limited = new()
    {
        Limit = 512 * MiB,
        Usage = 200 * MiB,
        SwapLimit = 256 * MiB,
        SwapUsage = 1 * MiB,
        Stat = MemoryStat.Parse(Golden.Read("emulation/memory.stat.2"), isVersion2: true),
    };

    [Fact]
    public void Meminfo_of_a_limited_container() =>
        Accepted("meminfo", Rendered(content => Meminfo.Render(Host("meminfo"), Limited, content)));

    [Fact]
    public void Meminfo_of_a_limited_container_in_version_1()
    {
        MemoryFacts facts = Limited with { Stat = MemoryStat.Parse(Golden.Read("emulation/memory.stat.1"), isVersion2: false) };

        Accepted("meminfo.1", Rendered(content => Meminfo.Render(Host("meminfo"), facts, content)));
    }

    [Fact]
    public void Meminfo_without_limits_is_the_hosts_byte_for_byte()
    {
        MemoryFacts none = Limited with { Limit = long.MaxValue, SwapLimit = long.MaxValue };

        Assert.Equal(Golden.Text("emulation/host/meminfo"), Rendered(content => Meminfo.Render(Host("meminfo"), none, content)));
    }

    [Fact]
    public void Meminfo_with_limited_swap_alone_changes_two_lines()
    {
        string[] before = Golden.Text("emulation/host/meminfo").Split('\n');
        string[] after = Rendered(content => Meminfo.Render(Host("meminfo"), Limited with { Limit = long.MaxValue }, content)).Split('\n');

        Assert.Equal(["SwapTotal:        262144 kB", "SwapFree:         261120 kB"], after.Except(before));
    }

    [Fact]
    public void Vmstat_of_a_limited_container() =>
        Accepted("vmstat", Rendered(content => VmStat.Render(Host("vmstat"), new VmFacts(Limited, 3 * MiB, 5 * MiB), content)));

    [Fact]
    public void Stat_with_two_of_four_CPUs_and_their_own_time() =>
        Accepted("stat", Rendered(content => ProcStat.Render(Host("stat"), Facts(Share("1,3"), running: 3), content)));

    [Fact]
    public void Stat_with_a_quota_spreads_the_time() =>
        Accepted("stat.quota", Rendered(content => ProcStat.Render(Host("stat"), Facts(Share("0-3", quota: 2), running: 1), content)));

    [Fact]
    public void Stat_of_all_CPUs_keeps_the_hosts_numbers() =>
        Accepted("stat.whole", Rendered(content => ProcStat.Render(Host("stat"), Facts(Share("0-3"), running: 1), content)));

    [Fact]
    public void Cpuinfo_with_two_of_four_CPUs() =>
        Accepted("cpuinfo", Rendered(content => CpuInfo.Render(Host("cpuinfo"), Share("1,3"), content)));

    [Fact]
    public void Cpuinfo_of_arm64_keeps_what_follows_the_CPUs() =>
        Accepted("cpuinfo.arm64", Rendered(content => CpuInfo.Render(Host("cpuinfo.arm64"), Share("2", quota: 2), content)));

    [Fact]
    public void Cpuinfo_of_all_CPUs_is_the_hosts_byte_for_byte() =>
        Assert.Equal(Golden.Text("emulation/host/cpuinfo"), Rendered(content => CpuInfo.Render(Host("cpuinfo"), Share("0-3"), content)));

    [Fact]
    public void Diskstats_of_version_2() => Accepted("diskstats", Rendered(content =>
        DiskStats.Render(Host("diskstats"), Golden.Read("emulation/io.stat"), default, isVersion2: true, content)));

    [Fact]
    public void Diskstats_of_version_1_are_the_same() => Accepted("diskstats", Rendered(content => DiskStats.Render(
        Host("diskstats"), Golden.Read("emulation/blkio.operations"), Golden.Read("emulation/blkio.bytes"), isVersion2: false, content)));

    [Theory]
    [InlineData(0, 0, "0.00 0.00\n")]
    [InlineData(1_239_999_999, 2_000_000_000, "1.23 2.00\n")]
    [InlineData(1_000_050_000_000, -5, "1000.05 0.00\n")]
    public void Uptime_has_hundredths(long age, long idle, string text) =>
        Assert.Equal(text, Rendered(content => Uptime.Render(age, idle, content)));

    [Theory]
    [InlineData(0, 0, 0, 0, 1, 1, "0.00 0.00 0.00 1/1 1\n")]
    [InlineData(98304, 65536, 3, 2, 10, 77, "1.50 1.00 0.00 2/10 77\n")]
    // Half of a hundredth is rounded up.
    [InlineData(65535, 65209, 328, 20, 10, 5, "1.00 1.00 0.01 10/10 5\n")]
    public void Loads_have_two_decimals(long load1, long load5, long load15, int running, long threads, long pid, string text) =>
        Assert.Equal(text, Rendered(content => LoadAverage.Render(new LoadAverages(load1, load5, load15, running), threads, pid, content)));

    [Theory]
    [InlineData("Name:\tcat\nNStgid:\t900\t12\nNSpid:\t900\t12\nNSpgid:\t900\t12\n", 12)]
    [InlineData("NSpid:\t900\n", 900)]
    [InlineData("NSpid:\n", 5)]
    [InlineData("", 5)]
    // A name cannot begin a line: the kernel escapes line ends.
    [InlineData("Name:\tx\\nNSpid:\t1\nNSpid:\t900\t7\n", 7)]
    public void The_last_pid_is_the_readers_in_its_own_namespace(string status, long pid) =>
        Assert.Equal(pid, LoadAverage.InnermostPid(Encoding.ASCII.GetBytes(status), 5));

    [Theory]
    [InlineData(0, 0, "")]
    [InlineData(268435456, 1048576, "none                                    virtual\t\t262144\t\t1024\t\t0\n")]
    public void Swap_is_one_area_or_none(long total, long used, string line) =>
        Assert.Equal("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n" + line, Rendered(content => Swaps.Render(total, used, content)));

    static ReadOnlySpan<byte> Host(string name) => Golden.Read($"emulation/host/{name}");

    static StatFacts Facts(CpuShare cpus, int running) => new()
    {
        Cpus = cpus,
        Age = 100 * Second,
        Start = 1000,
        Running = running,
        Baseline = new StatBaseline(6_000_000, 19_000_000, 182_000),
    };

    static CpuShare Share(string allowed, int quota = int.MaxValue)
    {
        CpuShare share = new();
        share.Online.Parse("0-3"u8);
        share.Allowed.Parse(Encoding.ASCII.GetBytes(allowed));
        share.Usage.ParseVersion1(Golden.Read("emulation/cpuacct.usage_all"));
        share.Limit(quota);
        return share;
    }

    static string Rendered(Action<ContentBuffer> render)
    {
        ContentBuffer content = new();
        render(content);
        return Encoding.UTF8.GetString(content.Bytes);
    }

    static void Accepted(string name, string text) => Golden.AssertEqual($"emulation/golden/{name}", text);
}
