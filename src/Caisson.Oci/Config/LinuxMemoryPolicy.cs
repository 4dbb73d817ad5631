namespace Caisson.Oci;

/// <summary>Arguments of set_mempolicy(2) (config-linux.md#memory-policy, after 1.3).</summary>
public sealed partial record LinuxMemoryPolicy
{
    /// <summary>A name such as MPOL_BIND.</summary>
    public string Mode { get; init; } = "";

    /// <summary>A list of nodes such as <c>0-1,3</c>.</summary>
    public string? Nodes { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Names such as MPOL_F_STATIC_NODES.</summary>
    public string[]? Flags { get; init; }
}
