namespace Caisson.Containers.Cgroups;

/// <summary>Which cgroup interface a host has.</summary>
public enum CgroupMode
{
    /// <summary>Version 1 hierarchies only.</summary>
    Legacy,

    /// <summary>Version 1 hierarchies, and beside them a version 2 hierarchy, mostly without controllers.</summary>
    Hybrid,

    /// <summary>Version 2 only.</summary>
    Unified,
}
