using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Nanoseconds.</summary>
public sealed record CpuUsage
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ulong Total { get; init; }

    /// <summary>cgroup v1 only, as are the other lists.</summary>
    public ulong[]? Percpu { get; init; }

    [JsonPropertyName("percpu_kernel")]
    public ulong[]? PercpuKernel { get; init; }

    [JsonPropertyName("percpu_user")]
    public ulong[]? PercpuUser { get; init; }

    public ulong Kernel { get; init; }

    public ulong User { get; init; }
}
