namespace Caisson.Oci;

/// <summary>
/// What runc's <c>state</c> prints and <c>list --format json</c> prints for each container: the state of the spec
/// and four members more. Members stand in runc's order.
/// </summary>
public sealed partial record ContainerListEntry
{
    public string OciVersion { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>0 when stopped, as runc prints it.</summary>
    public int Pid { get; init; }

    public string Status { get; init; } = "";

    public string Bundle { get; init; } = "";

    public string Rootfs { get; init; } = "";

    /// <summary>UTC.</summary>
    public string Created { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>User name of the owner of the container's state; empty when there is no such user.</summary>
    public string Owner { get; init; } = "";
}
