using Caisson.Emulation.Proc;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Proc;

/// <summary>Views from the files of a host to their text.</summary>
public sealed class ReadingTests
{
    const long MiB = 1024 * 1024;

    [Fact]
    public void Every_view_works_without_any_cgroup()
    {
        using TestHost host = TestHost.Version2();
        foreach (ViewContent view in new ViewContent[] { Uptime.Read, Meminfo.Read, ProcStat.Read, CpuInfo.Read, LoadAverage.Read, Swaps.Read, DiskStats.Read, VmStat.Read, Pressure.ReadMemory })
        {
            host.Read(view);
        }

        Assert.Equal(Golden.Text("emulation/host/meminfo"), host.Read(Meminfo.Read));
        Assert.Equal(Golden.Text("emulation/host/cpuinfo"), host.Read(CpuInfo.Read));
        Assert.Equal(Golden.Text("emulation/host/vmstat"), host.Read(VmStat.Read));
        // Without accounting the host's times.
        Assert.Contains("\ncpu3 200 10 60 149000 3 0 1 0 0 0\n", host.Read(ProcStat.Read));
    }

    [Fact]
    public void A_file_that_the_host_lacks_is_empty()
    {
        using TestHost host = TestHost.Version2();

        Assert.Equal("", host.Read(Pressure.ReadIrq));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Limits_show_in_all_views(bool isVersion2)
    {
        using TestHost host = isVersion2 ? TestHost.Version2() : TestHost.Version1();
        Limit(host, isVersion2);

        Assert.StartsWith("MemTotal:         524288 kB\nMemFree:          262144 kB\n", host.Read(Meminfo.Read));
        Assert.Contains("SwapTotal:        131072 kB\n", host.Read(Meminfo.Read));
        Assert.Contains("\t131072\t", host.Read(Swaps.Read));
        Assert.StartsWith("nr_free_pages 65536\n", host.Read(VmStat.Read));
        Assert.Contains("\npgpgin 1024\npgpgout 512\n", host.Read(VmStat.Read));
        string stat = host.Read(ProcStat.Read);
        Assert.Contains("\ncpu1 ", stat);
        Assert.DoesNotContain("\ncpu2 ", stat);
        Assert.Equal(2, host.Read(CpuInfo.Read).Split("processor\t:").Length - 1);
        Assert.EndsWith("/17 17\n", host.Read(LoadAverage.Read));
        Assert.Equal(" 254       0 vda 100 0 2048 0 50 0 1024 0 0 0 0 1 0 8 0 0 0\n", host.Read(DiskStats.Read));
    }

    [Fact]
    public void Sysinfo_tells_what_the_files_tell()
    {
        using TestHost host = TestHost.Version2();
        Limit(host, isVersion2: true);

        SystemFacts facts = SystemFacts.Read(host.From());

        Assert.Equal(512 * MiB, facts.TotalRam);
        Assert.Equal(256 * MiB, facts.FreeRam);
        Assert.Equal(1048576, facts.SharedRam);
        Assert.Equal(0, facts.BufferRam);
        Assert.Equal(17, facts.Processes);
        Assert.Equal(100, facts.Uptime);
    }

    [Fact]
    public void Pressure_is_that_of_the_limited_cgroup()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "memory.pressure", "the container's\n");
        host.Set("", "cpu.pressure", "the container's\n");
        host.Set("", "memory.max", "4096\n", below: "inner");
        host.Set("", "memory.pressure", "the inner one's\n", below: "inner");
        host.Set("", "cpu.pressure", "the inner one's\n", below: "inner");
        host.Place(1, "inner/service");

        Assert.Equal("the inner one's\n", host.Read(Pressure.ReadMemory, 1));
        Assert.Equal("the container's\n", host.Read(Pressure.ReadMemory));
        Assert.Equal("the container's\n", host.Read(Pressure.ReadCpu, 1));
    }

    [Fact]
    public void Uptime_is_the_containers_for_every_reader()
    {
        using TestHost host = TestHost.Version2();
        host.Set("", "cpu.stat", Golden.Text("emulation/cpu.stat"));
        host.Set("", "cpu.max", "100000 100000\n", below: "inner");
        host.Place(1, "inner");

        string[] words = host.Read(Uptime.Read, 1).Split(' ', '.');

        Assert.Equal("100", words[0]);
        // Four CPUs less what was used.
        Assert.Equal("395", words[2]);
    }

    [Fact]
    public void A_membership_that_has_no_end_is_that_of_the_container()
    {
        using TestHost host = TestHost.Version2();
        Limit(host, isVersion2: true);
        host.Write("proc/1/cgroup", string.Concat(Enumerable.Repeat("0::/x\n", 20000)));

        Assert.StartsWith("MemTotal:         524288 kB\n", host.Read(Meminfo.Read, 1));
    }

    static void Limit(TestHost host, bool isVersion2)
    {
        if (isVersion2)
        {
            host.Set("", "memory.max", $"{512 * MiB}\n");
            host.Set("", "memory.current", $"{256 * MiB}\n");
            host.Set("", "memory.swap.max", $"{128 * MiB}\n");
            host.Set("", "memory.stat", Golden.Text("emulation/memory.stat.2"));
            host.Set("", "cpu.max", "150000 100000\n");
            host.Set("", "cpu.stat", Golden.Text("emulation/cpu.stat"));
            host.Set("", "pids.current", "17\n");
            host.Set("", "io.stat", Golden.Text("emulation/io.stat"));
            return;
        }

        host.Set("memory", "memory.limit_in_bytes", $"{512 * MiB}\n");
        host.Set("memory", "memory.usage_in_bytes", $"{256 * MiB}\n");
        host.Set("memory", "memory.memsw.limit_in_bytes", $"{640 * MiB}\n");
        host.Set("memory", "memory.stat", Golden.Text("emulation/memory.stat.1"));
        host.Set("cpu", "cpu.cfs_quota_us", "150000\n");
        host.Set("cpu", "cpu.cfs_period_us", "100000\n");
        host.Set("cpuacct", "cpuacct.usage", "4860000000\n");
        host.Set("cpuacct", "cpuacct.usage_all", Golden.Text("emulation/cpuacct.usage_all"));
        host.Set("pids", "pids.current", "17\n");
        host.Set("blkio", "blkio.throttle.io_service_bytes_recursive", Golden.Text("emulation/blkio.bytes"));
        host.Set("blkio", "blkio.throttle.io_serviced_recursive", Golden.Text("emulation/blkio.operations"));
    }
}
