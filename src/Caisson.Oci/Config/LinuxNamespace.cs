namespace Caisson.Oci;

/// <summary>A namespace to create, or with a path to join (config-linux.md#namespaces).</summary>
public sealed partial record LinuxNamespace
{
    /// <summary>pid, network, mount, ipc, uts, user, cgroup or time.</summary>
    public string Type { get; init; } = "";

    public string? Path { get; init => field = Absent.IfEmpty(value); }
}
