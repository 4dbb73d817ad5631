namespace Caisson.Oci;

/// <summary>The cpuset controller; all but the two lists exist in cgroup v1 only.</summary>
public sealed partial record CpusetStats
{
    public ushort[]? Cpus { get; init; }

    public ulong CpuExclusive { get; init; }

    public ushort[]? Mems { get; init; }

    public ulong MemHardwall { get; init; }

    public ulong MemExclusive { get; init; }

    public ulong MemoryMigrate { get; init; }

    public ulong MemorySpreadPage { get; init; }

    public ulong MemorySpreadSlab { get; init; }

    public ulong MemoryPressure { get; init; }

    public ulong SchedLoadBalance { get; init; }

    public long SchedRelaxDomainLevel { get; init; }
}
