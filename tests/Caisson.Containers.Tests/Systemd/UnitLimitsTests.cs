using Caisson.Containers.Cgroups;
using Caisson.Containers.Systemd;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Systemd;

public sealed class UnitLimitsTests
{
    static readonly LinuxResources Some = new()
    {
        Cpu = new LinuxCpu { Shares = 1024, Quota = 33333, Period = 100000, Cpus = "0,9", Mems = "0" },
        Memory = new LinuxMemory { Limit = 100, Swap = 150, Reservation = -1 },
        Pids = new LinuxPids { Limit = 5 },
        BlockIo = new LinuxBlockIo { Weight = 100, WeightDevice = [new LinuxWeightDevice { Major = 8, Minor = 0, Weight = 10 }] },
    };

    [Fact]
    public void Of_SaysWhatTheWritesSay_OfVersion2() => Assert.Equal(
        [
            "AllowedCPUs=0102", "AllowedMemoryNodes=01", "MemorySwapMax=50", "MemoryMax=100", "MemoryLow=infinity", "CPUWeight=100",
            // In whole percents, rounded up.
            "CPUQuotaPerSecUSec=340000", "CPUQuotaPeriodUSec=100000",
            "TasksMax=5", "IOWeight=910",
        ],
        Texts([""]));

    [Fact]
    public void Of_SaysWhatTheWritesSay_OfVersion1() => Assert.Equal(
        [
            "AllowedCPUs=0102", "AllowedMemoryNodes=01", "MemoryLimit=100", "CPUShares=1024", "CPUQuotaPerSecUSec=340000", "CPUQuotaPeriodUSec=100000",
            "TasksMax=5", "BlockIOWeight=100",
        ],
        Texts(["cpuset", "memory", "cpu,cpuacct", "pids", "blkio"]));

    [Fact]
    public void Of_SaysThatALimitIsGone() => Assert.Equal(
        ["CPUQuotaPerSecUSec=infinity", "CPUQuotaPeriodUSec=100000"],
        UnitLimits.Of(ResourcePlanner.Plan(new LinuxResources { Cpu = new LinuxCpu { Quota = -1 } }, [""]).Writes).Select(property => property.ToString()));

    static IEnumerable<string> Texts(string[] hierarchies) =>
        UnitLimits.Of(ResourcePlanner.Plan(Some, hierarchies).Writes).Select(property => property.ToString());
}
