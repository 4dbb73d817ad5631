namespace Caisson.Containers.Cgroups;

/// <summary>Present values that complete a partial update on version 2, where one file holds two limits.</summary>
/// <param name="CpuMax">cpu.max, such as <c>max 100000</c>.</param>
/// <param name="MemoryMax">memory.max in bytes; -1 is unlimited.</param>
public sealed record CgroupFacts(string? CpuMax = null, long? MemoryMax = null)
{
    public static CgroupFacts None { get; } = new();
}
