namespace Caisson.Emulation.Sources;

/// <summary>The host's files that views begin with.</summary>
enum HostFile
{
    CpuInfo,
    DiskStats,
    LoadAverage,
    MemInfo,
    Stat,
    VmStat,
    CpuPressure,
    MemoryPressure,
    IoPressure,
    IrqPressure,
    OnlineCpus,
    PresentCpus,
    PossibleCpus,
    OfflineCpus,
}
