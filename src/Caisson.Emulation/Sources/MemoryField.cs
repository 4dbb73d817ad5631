namespace Caisson.Emulation.Sources;

/// <summary>What memory.stat tells, in the words of version 2.</summary>
enum MemoryField
{
    Anon,
    File,
    KernelStack,
    PageTables,
    SecPageTables,
    PerCpu,
    Shmem,
    Zswap,
    Zswapped,
    FileMapped,
    FileDirty,
    FileWriteback,
    SwapCached,
    AnonHuge,
    FileHuge,
    ShmemHuge,
    InactiveAnon,
    ActiveAnon,
    InactiveFile,
    ActiveFile,
    Unevictable,
    SlabReclaimable,
    SlabUnreclaimable,
    SwappedIn,
    SwappedOut,
    PageFaults,
    MajorFaults,
}
