using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>The cpuset controller; all but the two lists exist in cgroup v1 only.</summary>
public sealed record CpusetStats
{
    public ushort[]? Cpus { get; init; }

    [JsonPropertyName("cpu_exclusive")]
    public ulong CpuExclusive { get; init; }

    public ushort[]? Mems { get; init; }

    [JsonPropertyName("mem_hardwall")]
    public ulong MemHardwall { get; init; }

    [JsonPropertyName("mem_exclusive")]
    public ulong MemExclusive { get; init; }

    [JsonPropertyName("memory_migrate")]
    public ulong MemoryMigrate { get; init; }

    [JsonPropertyName("memory_spread_page")]
    public ulong MemorySpreadPage { get; init; }

    [JsonPropertyName("memory_spread_slab")]
    public ulong MemorySpreadSlab { get; init; }

    [JsonPropertyName("memory_pressure")]
    public ulong MemoryPressure { get; init; }

    [JsonPropertyName("sched_load_balance")]
    public ulong SchedLoadBalance { get; init; }

    [JsonPropertyName("sched_relax_domain_level")]
    public long SchedRelaxDomainLevel { get; init; }
}
