namespace Caisson.Emulation.Cgroups;

/// <summary>The control files that are read, of both versions of cgroups.</summary>
enum CgroupFile
{
    MemoryMax,
    MemoryHigh,
    MemoryCurrent,
    MemorySwapMax,
    MemorySwapCurrent,
    MemoryStat,
    MemoryLimit1,
    MemoryUsage1,
    MemorySwapLimit1,
    MemorySwapUsage1,
    CpuMax,
    CpuStat,
    CpuQuota1,
    CpuPeriod1,
    CpuUsage1,
    CpuUsageAll1,
    CpuSetEffective,
    CpuSetEffective1,
    CpuSet1,
    PidsCurrent,
    IoStat,
    IoBytes1,
    IoOperations1,
    CpuPressure,
    MemoryPressure,
    IoPressure,
    IrqPressure,
}

static class CgroupFileNames
{
    static readonly byte[][] Names =
    [
        .. from file in Enum.GetValues<CgroupFile>() select NameOf(file),
    ];

    /// <summary>With a NUL at its end.</summary>
    public static ReadOnlySpan<byte> Of(CgroupFile file) => Names[(int)file];

    static byte[] NameOf(CgroupFile file) => [.. file switch
    {
        CgroupFile.MemoryMax => "memory.max"u8,
        CgroupFile.MemoryHigh => "memory.high"u8,
        CgroupFile.MemoryCurrent => "memory.current"u8,
        CgroupFile.MemorySwapMax => "memory.swap.max"u8,
        CgroupFile.MemorySwapCurrent => "memory.swap.current"u8,
        CgroupFile.MemoryStat => "memory.stat"u8,
        CgroupFile.MemoryLimit1 => "memory.limit_in_bytes"u8,
        CgroupFile.MemoryUsage1 => "memory.usage_in_bytes"u8,
        CgroupFile.MemorySwapLimit1 => "memory.memsw.limit_in_bytes"u8,
        CgroupFile.MemorySwapUsage1 => "memory.memsw.usage_in_bytes"u8,
        CgroupFile.CpuMax => "cpu.max"u8,
        CgroupFile.CpuStat => "cpu.stat"u8,
        CgroupFile.CpuQuota1 => "cpu.cfs_quota_us"u8,
        CgroupFile.CpuPeriod1 => "cpu.cfs_period_us"u8,
        CgroupFile.CpuUsage1 => "cpuacct.usage"u8,
        CgroupFile.CpuUsageAll1 => "cpuacct.usage_all"u8,
        CgroupFile.CpuSetEffective => "cpuset.cpus.effective"u8,
        CgroupFile.CpuSetEffective1 => "cpuset.effective_cpus"u8,
        CgroupFile.CpuSet1 => "cpuset.cpus"u8,
        CgroupFile.PidsCurrent => "pids.current"u8,
        CgroupFile.IoStat => "io.stat"u8,
        CgroupFile.IoBytes1 => "blkio.throttle.io_service_bytes_recursive"u8,
        CgroupFile.IoOperations1 => "blkio.throttle.io_serviced_recursive"u8,
        CgroupFile.CpuPressure => "cpu.pressure"u8,
        CgroupFile.MemoryPressure => "memory.pressure"u8,
        CgroupFile.IoPressure => "io.pressure"u8,
        CgroupFile.IrqPressure => "irq.pressure"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    }, 0];
}
