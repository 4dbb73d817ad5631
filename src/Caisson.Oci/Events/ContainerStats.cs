namespace Caisson.Oci;

/// <summary>What <c>events --stats</c> tells. Zero counters are left out where runc leaves them out.</summary>
public sealed partial record ContainerStats
{
    public CpuStats Cpu { get; init; } = new();

    public CpusetStats Cpuset { get; init; } = new();

    public MemoryStats Memory { get; init; } = new();

    public PidsStats Pids { get; init; } = new();

    public BlkioStats Blkio { get; init; } = new();

    /// <summary>By page size, such as <c>2MB</c>.</summary>
    public IReadOnlyDictionary<string, HugetlbStats> Hugetlb { get; init; } = new Dictionary<string, HugetlbStats>();

    public IntelRdtStats IntelRdt { get; init; } = new();

    public NetworkInterfaceStats[]? NetworkInterfaces { get; init; }
}
