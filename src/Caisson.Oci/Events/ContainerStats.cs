using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>What <c>events --stats</c> tells. Zero counters are left out where runc leaves them out.</summary>
public sealed record ContainerStats
{
    public CpuStats Cpu { get; init; } = new();

    [JsonPropertyName("cpuset")]
    public CpusetStats Cpuset { get; init; } = new();

    public MemoryStats Memory { get; init; } = new();

    public PidsStats Pids { get; init; } = new();

    public BlkioStats Blkio { get; init; } = new();

    /// <summary>By page size, such as <c>2MB</c>.</summary>
    public IReadOnlyDictionary<string, HugetlbStats> Hugetlb { get; init; } = new Dictionary<string, HugetlbStats>();

    [JsonPropertyName("intel_rdt")]
    public IntelRdtStats IntelRdt { get; init; } = new();

    [JsonPropertyName("network_interfaces")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public NetworkInterfaceStats[]? NetworkInterfaces { get; init; }
}
