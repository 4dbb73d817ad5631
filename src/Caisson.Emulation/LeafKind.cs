namespace Caisson.Emulation;

/// <summary>What a leaf shows.</summary>
public enum LeafKind
{
    /// <summary>Computed from the reader's cgroups at each reading.</summary>
    View,

    /// <summary>A value of the container's own, which it may write; it has no effect.</summary>
    Sysctl,

    /// <summary>What tells containers and machines apart.</summary>
    Identity,
}
