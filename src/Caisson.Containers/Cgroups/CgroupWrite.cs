namespace Caisson.Containers.Cgroups;

/// <summary>One value for one control file of the container's cgroup.</summary>
/// <param name="Hierarchy">By name; empty for version 2.</param>
/// <param name="File">In the cgroup's directory.</param>
/// <param name="Value">Written in one write(2).</param>
/// <param name="Rule">What failure means.</param>
public sealed record CgroupWrite(string Hierarchy, string File, string Value, FailureRule Rule = FailureRule.Fail)
{
    public override string ToString()
    {
        string rule = Rule == FailureRule.Fail ? "" : $" [{Rule}]";
        return $"{(Hierarchy.Length == 0 ? "unified" : Hierarchy)}: {File} = {Value}{rule}";
    }
}
