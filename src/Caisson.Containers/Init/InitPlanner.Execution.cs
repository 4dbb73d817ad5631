using System.Buffers.Binary;
using Caisson.Kernel;
using Caisson.Kernel.Spawning;
using Caisson.Oci;

namespace Caisson.Containers.Init;

// What a process can only set for itself: the execution domain and where its memory comes from.
public static partial class InitPlanner
{
    const int MPOL_F_STATIC_NODES = 1 << 15;
    const int MPOL_F_RELATIVE_NODES = 1 << 14;
    const int MPOL_F_NUMA_BALANCING = 1 << 13;
    const nint PER_LINUX32 = 8;

    // By their numbers in linux/mempolicy.h.
    static readonly string[] MemoryModes =
    [
        "MPOL_DEFAULT", "MPOL_PREFERRED", "MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_LOCAL", "MPOL_PREFERRED_MANY", "MPOL_WEIGHTED_INTERLEAVE",
    ];

    static void PlanExecutionDomain(InitProgram program, InitSettings settings)
    {
        if (settings.Personality is { } personality)
        {
            nint domain = personality.Domain == "LINUX32" ? PER_LINUX32 : 0;
            program.Add("set /linux/personality", "personality", SyscallNumbers.personality, InitArgument.Named(domain, personality.Domain));
        }

        if (settings.MemoryPolicy is { } policy)
        {
            PlanMemoryPolicy(program, policy);
        }
    }

    static void PlanMemoryPolicy(InitProgram program, LinuxMemoryPolicy policy)
    {
        int mode = Array.IndexOf(MemoryModes, policy.Mode);
        foreach (string flag in policy.Flags ?? [])
        {
            mode |= flag switch
            {
                "MPOL_F_STATIC_NODES" => MPOL_F_STATIC_NODES,
                "MPOL_F_RELATIVE_NODES" => MPOL_F_RELATIVE_NODES,
                _ => MPOL_F_NUMA_BALANCING,
            };
        }

        IReadOnlyList<int> nodes = policy.Nodes is null ? [] : NumberList.TryParse(policy.Nodes) ?? [];
        // Of 64-bit words; the kernel takes one bit less than it is told.
        byte[] mask = new byte[((nodes.Count == 0 ? 0 : nodes.Max()) / 64 * 8) + 8];
        foreach (int node in nodes)
        {
            int word = node / 64 * 8;
            ulong bits = BinaryPrimitives.ReadUInt64LittleEndian(mask.AsSpan(word)) | (1UL << (node % 64));
            BinaryPrimitives.WriteUInt64LittleEndian(mask.AsSpan(word), bits);
        }

        program.Add(
            "set /linux/memoryPolicy", "set_mempolicy", SyscallNumbers.set_mempolicy, InitArgument.Named(mode, policy.Mode),
            nodes.Count == 0 ? 0 : InitArgument.Bytes(mask, policy.Nodes ?? ""), nodes.Count == 0 ? 0 : (mask.Length * 8) + 1);
    }
}
