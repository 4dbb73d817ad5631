using System.Diagnostics;
using Caisson.Containers.Cgroups;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Cgroups;

public sealed class CgroupStatsTests
{
    [Fact]
    public void Read_TellsUseAndLimits()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("memory");
        own.RequireVersion1("cpuacct");
        own.Cgroup.Apply(new LinuxResources
        {
            Memory = new LinuxMemory { Limit = 64 << 20 },
            Pids = new LinuxPids { Limit = 50 },
        });
        Process busy = own.Start("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo done; exec sleep 100");
        Assert.Equal("done", OwnCgroup.Line(busy));

        ContainerStats stats = CgroupStats.Read(own.Cgroup);

        Assert.Equal(64UL << 20, stats.Memory.Usage.Limit);
        Assert.InRange(stats.Memory.Usage.Usage, 1UL, 64UL << 20);
        Assert.True(stats.Memory.Usage.Max >= stats.Memory.Usage.Usage);
        Assert.Contains("rss", stats.Memory.Raw!.Keys);
        Assert.InRange(stats.Cpu.Usage.Total, 1_000_000UL, 60_000_000_000UL);
        Assert.InRange(stats.Cpu.Usage.User + stats.Cpu.Usage.Kernel, 1UL, 60_000_000_000UL);
        Assert.True(stats.Cpu.Usage.Percpu!.Length >= Environment.ProcessorCount);
        Assert.Equal((1UL, 50UL), (stats.Pids.Current, stats.Pids.Limit));
        Assert.NotEmpty(stats.Cpuset.Cpus!);
        Assert.Equal(1UL, stats.Cpuset.SchedLoadBalance);
    }

    [Fact]
    public void Read_OfACgroupThatIsGone_IsEmpty()
    {
        CgroupState state;
        using (OwnCgroup own = new())
        {
            state = own.Cgroup.State;
        }

        using Cgroup gone = Cgroup.Open(state);
        Assert.Equal(0UL, CgroupStats.Read(gone).Pids.Current);
    }

    [Fact]
    public void OomWatch_TellsOfAKill_AndEndsWithTheCgroup()
    {
        using OwnCgroup own = new();
        own.RequireVersion1("memory");
        own.Cgroup.Apply(new LinuxResources { Memory = new LinuxMemory { Limit = 16 << 20, Swap = 16 << 20 } });
        List<ulong> seen = [];
        using ManualResetEventSlim first = new();
        Thread watcher = new(() =>
        {
            foreach (ulong count in OomWatch.Watch(own.Cgroup))
            {
                seen.Add(count);
                first.Set();
            }
        });
        watcher.IsBackground = true;
        watcher.Start();
        Thread.Sleep(100);
        Process eater = own.Start("dd if=/dev/zero of=/dev/null bs=200M count=1; echo over");
        Assert.True(first.Wait(20_000, TestContext.Current.CancellationToken), "no event");
        Assert.True(seen[0] >= 1);
        eater.WaitForExit(20_000);
        own.Cgroup.Kill(OwnCgroup.Deadline);
        own.Cgroup.Destroy(OwnCgroup.Deadline);
        Assert.True(watcher.Join(10_000), "the watch did not end with the cgroup");
    }
}
