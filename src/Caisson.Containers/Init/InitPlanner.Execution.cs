using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Caisson.Kernel;
using Caisson.Kernel.Files;
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

    // A file of a mount that is not the container's could not be restored after a checkpoint. An image may have anything at that
    // path, or nothing: links, which could lead to descriptors of ours, are not followed, and the host's device will do.
    static void PlanNullStreams(InitProgram program, InitSettings settings)
    {
        if (settings.NullStreams.Count == 0)
        {
            return;
        }

        open_how how = OpenAt2.How(OpenFlags.O_RDWR, ResolveFlags.RESOLVE_NO_SYMLINKS, 0);
        byte[] bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<open_how>(in how)).ToArray();
        int device = program.AddWith(
            "open the container's /dev/null", "openat2", SyscallNumbers.openat2, InitRule.Ignore, AT_FDCWD, "/dev/null",
            InitArgument.Bytes(bytes, "O_RDWR|O_NOCTTY|O_CLOEXEC, RESOLVE_NO_SYMLINKS"), bytes.Length);
        foreach (int number in settings.NullStreams)
        {
            program.AddWith("use the container's /dev/null", "dup3", SyscallNumbers.dup3, InitRule.Ignore, InitArgument.Result(device, "device"), number, 0);
        }
    }

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
