namespace Caisson.Oci;

public static partial class SpecValidator
{
    static readonly string[] MemoryPolicyModes =
    [
        "MPOL_DEFAULT", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED",
        "MPOL_PREFERRED_MANY", "MPOL_LOCAL",
    ];

    static readonly string[] MemoryPolicyFlags =
        ["MPOL_F_NUMA_BALANCING", "MPOL_F_RELATIVE_NODES", "MPOL_F_STATIC_NODES"];

    static void CheckMemoryPolicy(Findings findings, LinuxMemoryPolicy? policy)
    {
        if (policy is null)
        {
            return;
        }

        findings.OneOf(policy.Mode, MemoryPolicyModes, "/linux/memoryPolicy/mode", "mode");
        findings.AllOf(policy.Flags, MemoryPolicyFlags, "/linux/memoryPolicy/flags", "flag");
        CheckNumberList(findings, policy.Nodes, "/linux/memoryPolicy/nodes");
        if (policy is { Mode: "MPOL_DEFAULT" or "MPOL_LOCAL", Nodes: not null })
        {
            findings.Error("/linux/memoryPolicy/nodes", $"{policy.Mode} takes no nodes", "remove nodes");
        }

        if (policy is { Mode: not ("MPOL_DEFAULT" or "MPOL_LOCAL" or "MPOL_PREFERRED"), Nodes: null })
        {
            findings.Error("/linux/memoryPolicy/nodes", $"{policy.Mode} needs nodes", "name at least one node");
        }
    }
}
