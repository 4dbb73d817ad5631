using Caisson.Containers.Cgroups;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Cgroups;

public sealed class ResourcePlannerTests
{
    static readonly string[] Legacy =
        ["cpu,cpuacct", "cpuset", "memory", "blkio", "pids", "hugetlb", "net_cls,net_prio", "rdma", "devices", "name=systemd", ""];

    static readonly string[] Unified = [""];

    static readonly LinuxResources Everything = new()
    {
        Memory = new LinuxMemory
        {
            Limit = 536870912,
            Swap = 1073741824,
            Reservation = 268435456,
            Kernel = 1,
            KernelTcp = 1,
            UseHierarchy = true,
            Swappiness = 10,
            DisableOomKiller = true,
        },
        Cpu = new LinuxCpu
        {
            Shares = 1024,
            Quota = 50000,
            Period = 100000,
            Burst = 1000,
            Cpus = "0-1",
            Mems = "0",
            Idle = 0,
            RealtimePeriod = 1000000,
            RealtimeRuntime = 950000,
        },
        Pids = new LinuxPids { Limit = 100 },
        BlockIo = new LinuxBlockIo
        {
            Weight = 500,
            LeafWeight = 300,
            WeightDevice = [new LinuxWeightDevice { Major = 8, Minor = 0, Weight = 10, LeafWeight = 20 }],
            ThrottleReadBpsDevice = [new LinuxThrottleDevice(8, 0, 1048576)],
            ThrottleWriteIopsDevice = [new LinuxThrottleDevice(8, 16, 0)],
        },
        HugepageLimits = [new LinuxHugepageLimit { PageSize = "2MB", Limit = 4194304 }],
        Network = new LinuxNetwork
        {
            ClassId = 1048577,
            Priorities = [new LinuxInterfacePriority { Name = "eth0", Priority = 5 }],
        },
        Rdma = new Dictionary<string, LinuxRdma> { ["mlx5_1"] = new() { HcaHandles = 3, HcaObjects = 10000 } },
    };

    [Fact]
    public void Plan_Version1_WritesEachLimitToItsHierarchy() => Assert.Equal(
        """
        cpuset: cpuset.cpus = 0-1
        cpuset: cpuset.mems = 0
        memory: memory.limit_in_bytes = 536870912 [Defer]
        memory: memory.memsw.limit_in_bytes = 1073741824
        memory: memory.soft_limit_in_bytes = 268435456
        memory: memory.oom_control = 1
        memory: memory.swappiness = 10
        cpu,cpuacct: cpu.rt_period_us = 1000000 [Defer]
        cpu,cpuacct: cpu.rt_runtime_us = 950000 [Defer]
        cpu,cpuacct: cpu.shares = 1024 [Defer, ReadBack]
        cpu,cpuacct: cpu.cfs_period_us = 100000 [Defer]
        cpu,cpuacct: cpu.cfs_burst_us = 1000 [Defer, IgnoreMissing]
        cpu,cpuacct: cpu.cfs_quota_us = 50000 [Defer]
        cpu,cpuacct: cpu.idle = 0
        pids: pids.max = 100
        blkio: blkio.weight = 500 [TryNext]
        blkio: blkio.bfq.weight = 500
        blkio: blkio.leaf_weight = 300
        blkio: blkio.weight_device = 8:0 10 [TryNext]
        blkio: blkio.bfq.weight_device = 8:0 10
        blkio: blkio.leaf_weight_device = 8:0 20
        blkio: blkio.throttle.read_bps_device = 8:0 1048576
        blkio: blkio.throttle.write_iops_device = 8:16 0
        hugetlb: hugetlb.2MB.limit_in_bytes = 4194304
        hugetlb: hugetlb.2MB.rsvd.limit_in_bytes = 4194304 [IgnoreMissing]
        rdma: rdma.max = mlx5_1 hca_handle=3 hca_object=10000
        net_cls,net_prio: net_cls.classid = 1048577
        net_cls,net_prio: net_prio.ifpriomap = eth0 5

        """,
        ResourcePlanner.Plan(Everything, Legacy).Render());

    [Fact]
    public void Plan_Version2_TranslatesWhatTheSpecSaysInVersion1Terms() => Assert.Equal(
        """
        unified: cpuset.cpus = 0-1
        unified: cpuset.mems = 0
        unified: memory.swap.max = 536870912
        unified: memory.max = 536870912
        unified: memory.low = 268435456
        unified: cpu.idle = 0
        unified: cpu.weight = 100
        unified: cpu.max.burst = 1000 [Defer]
        unified: cpu.max = 50000 100000
        unified: pids.max = 100
        unified: io.bfq.weight = 500 [TryNext]
        unified: io.weight = 4950
        unified: io.bfq.weight = 8:0 10 [TryNext]
        unified: io.weight = 8:0 1 [IgnoreMissing]
        unified: io.max = 8:0 rbps=1048576
        unified: io.max = 8:16 wiops=max
        unified: hugetlb.2MB.max = 4194304
        unified: hugetlb.2MB.rsvd.max = 4194304 [IgnoreMissing]
        unified: rdma.max = mlx5_1 hca_handle=3 hca_object=10000

        """,
        ResourcePlanner.Plan(Everything, Unified).Render());

    [Fact]
    public void Plan_Version1_UnlimitedMemoryTakesSwapWithItAndFirst() => Assert.Equal(
        """
        memory: memory.memsw.limit_in_bytes = -1 [IgnoreMissing]
        memory: memory.limit_in_bytes = -1

        """,
        Render(Legacy, new LinuxMemory { Limit = -1 }));

    [Fact]
    public void Plan_Version1_UnlimitedSwapGoesFirst() => Assert.Equal(
        """
        memory: memory.memsw.limit_in_bytes = -1
        memory: memory.limit_in_bytes = 4096

        """,
        Render(Legacy, new LinuxMemory { Limit = 4096, Swap = -1 }));

    [Theory]
    [InlineData(-1L, null, "unified: memory.swap.max = max [IgnoreMissing]\nunified: memory.max = max\n")]
    [InlineData(4096L, 4096L, "unified: memory.swap.max = 0 [IgnoreMissing]\nunified: memory.max = 4096\n")]
    [InlineData(4096L, -1L, "unified: memory.swap.max = max [IgnoreMissing]\nunified: memory.max = 4096\n")]
    [InlineData(4096L, 0L, "unified: memory.max = 4096\n")]
    public void Plan_Version2_Swap(long? limit, long? swap, string plan) =>
        Assert.Equal(plan, Render(Unified, new LinuxMemory { Limit = limit, Swap = swap }));

    [Fact]
    public void Plan_Version2_AnUpdateOfSwapAloneCountsFromThePresentLimit() => Assert.Equal(
        "unified: memory.swap.max = 4096\n",
        ResourcePlanner.Plan(
            new LinuxResources { Memory = new LinuxMemory { Swap = 12288 } }, Unified, new CgroupFacts(MemoryMax: 8192)).Render());

    [Fact]
    public void Plan_Version2_SwapWithoutLimitIsAnErrorThatNamesTheField()
    {
        UserError error = Assert.Throws<UserError>(() => Render(Unified, new LinuxMemory { Swap = 4096 }));
        Assert.Contains("linux.resources.memory.swap", error.Message);
    }

    [Theory]
    [InlineData(20000L, null, "20000 50000")]
    [InlineData(-1L, null, "max 50000")]
    [InlineData(null, 200000UL, "10000 200000")]
    public void Plan_Version2_AnUpdateKeepsTheOtherHalfOfCpuMax(long? quota, ulong? period, string value) => Assert.Equal(
        $"unified: cpu.max = {value}\n",
        ResourcePlanner.Plan(
            new LinuxResources { Cpu = new LinuxCpu { Quota = quota, Period = period } },
            Unified,
            new CgroupFacts(CpuMax: "10000 50000\n")).Render());

    [Theory]
    [InlineData(2UL, 1)]
    [InlineData(256UL, 35)]
    [InlineData(512UL, 59)]
    [InlineData(1024UL, 100)]
    [InlineData(2048UL, 174)]
    [InlineData(262144UL, 10000)]
    public void Plan_Version2_SharesBecomeWeightsAsInRuncAndCrun(ulong shares, int weight) => Assert.Equal(
        $"unified: cpu.weight = {weight}\n",
        ResourcePlanner.Plan(new LinuxResources { Cpu = new LinuxCpu { Shares = shares } }, Unified).Render());

    [Theory]
    [InlineData(0, "max")]
    [InlineData(-1, "max")]
    [InlineData(7, "7")]
    public void Plan_Pids(long limit, string value) => Assert.Equal(
        $"pids: pids.max = {value}\n",
        ResourcePlanner.Plan(new LinuxResources { Pids = new LinuxPids { Limit = limit } }, Legacy).Render());

    [Fact]
    public void Plan_Version2_UnifiedIsTakenAsItIs_OneWriteALine() => Assert.Equal(
        """
        unified: memory.high = 1G
        unified: io.max = 8:0 rbps=1
        unified: io.max = 8:16 rbps=2

        """,
        ResourcePlanner.Plan(
            new LinuxResources
            {
                Unified = new Dictionary<string, string> { ["memory.high"] = "1G", ["io.max"] = "8:0 rbps=1\n8:16 rbps=2\n" },
            },
            Unified).Render());

    [Fact]
    public void Plan_UnifiedOnVersion1IsAnError() => Assert.Throws<UserError>(() => ResourcePlanner.Plan(
        new LinuxResources { Unified = new Dictionary<string, string> { ["memory.high"] = "1" } }, Legacy));

    [Theory]
    [InlineData("../memory.max")]
    [InlineData("cgroup")]
    public void Plan_UnifiedTakesOnlyNamesOfControlFiles(string file) => Assert.Throws<UserError>(() => ResourcePlanner.Plan(
        new LinuxResources { Unified = new Dictionary<string, string> { [file] = "1" } }, Unified));

    [Fact]
    public void Plan_ALimitThatNothingCanHoldIsAnErrorThatNamesFileAndController()
    {
        UserError error = Assert.Throws<UserError>(() => ResourcePlanner.Plan(Everything, ["memory", "cpu", "cpuset"]));
        Assert.Equal("cannot set pids.max to 100: no hierarchy with the pids controller is mounted", error.Message);
    }

    [Fact]
    public void Plan_NothingGivenIsNothingWritten() => Assert.Empty(ResourcePlanner.Plan(
        new LinuxResources
        {
            Memory = new LinuxMemory { Swappiness = ulong.MaxValue, DisableOomKiller = false },
            Cpu = new LinuxCpu { Shares = 0, Quota = 0, Period = 0 },
            BlockIo = new LinuxBlockIo { Weight = 0 },
            Pids = new LinuxPids(),
        },
        Legacy).Writes);

    static string Render(string[] hierarchies, LinuxMemory memory) =>
        ResourcePlanner.Plan(new LinuxResources { Memory = memory }, hierarchies).Render();
}
