namespace Caisson.Oci;

/// <summary>Number of tasks, -1 (in Docker's files also 0) for unlimited (config-linux.md#pids).</summary>
public sealed partial record LinuxPids
{
    public long? Limit { get; init; }
}
