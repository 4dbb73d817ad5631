namespace Caisson.Oci;

/// <summary>Cache and memory bandwidth allocation through resctrl (config-linux.md#intelrdt).</summary>
public sealed partial record LinuxIntelRdt
{
    /// <summary>Directory below resctrl to join; null means the container's id.</summary>
    public string? ClosId { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Lines of the schemata file (1.3).</summary>
    public string[]? Schemata { get; init; }

    public string? L3CacheSchema { get; init => field = Absent.IfEmpty(value); }

    public string? MemBwSchema { get; init => field = Absent.IfEmpty(value); }

    public bool EnableMonitoring { get; init; }
}
