using System.Runtime.InteropServices;
using Caisson.Kernel.Seccomp;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// <see cref="SyscallTable"/> as a seccomp filter of its own, beside the profile's: of two filters the stricter answer counts, so
/// what the profile forbids is never seen here. Calls that are not in the table are allowed by their number alone, which the
/// kernel remembers in a bitmap.
/// </summary>
public static class ViewFilter
{
    const uint AUDIT_ARCH_X86_64 = 0xC000003E;
    const uint AUDIT_ARCH_I386 = 0x40000003;
    const uint AUDIT_ARCH_AARCH64 = 0xC00000B7;
    const uint AUDIT_ARCH_ARM = 0x40000028;
    const int X32Bit = 0x40000000;

    // mount(2) ignores this magic in the high half of its flags, which old programs still give.
    const uint MS_MGC_VAL = 0xC0ED0000;

    static readonly uint[] Architectures = [AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM];

    public static SeccompFilter Build()
    {
        List<sock_filter> program = [];
        foreach (uint architecture in Architectures)
        {
            List<sock_filter> block = BlockOf(architecture);
            program.Add(sock_filter.LoadArchitecture);
            program.Add(sock_filter.IfEqual(architecture, 0, block.Count));
            program.AddRange(block);
        }

        program.Add(sock_filter.Return(SeccompAction.SECCOMP_RET_ALLOW));
        SeccompFilterFlags flags = SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER;
        if (SeccompFilter.KernelKnows(SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV))
        {
            // Else a signal, such as Go's for preemption, makes a call start anew while it is worked on.
            flags |= SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
        }

        return new SeccompFilter(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(program)).ToArray(), flags);
    }

    /// <summary>A call's number there, and its second one where it has two (x32); -1 for none.</summary>
    public static int NumberOf(HandledCall call, uint architecture, out int second)
    {
        second = architecture == AUDIT_ARCH_X86_64 ? call.X64 | X32Bit : -1;
        return architecture switch
        {
            AUDIT_ARCH_X86_64 => call.X64,
            AUDIT_ARCH_I386 => call.I386,
            AUDIT_ARCH_AARCH64 => call.Arm64,
            AUDIT_ARCH_ARM => call.Arm,
            _ => -1,
        };
    }

    public static bool Is64Bit(uint architecture) => architecture is AUDIT_ARCH_X86_64 or AUDIT_ARCH_AARCH64;

    static List<sock_filter> BlockOf(uint architecture)
    {
        List<sock_filter> block = [sock_filter.LoadNumber];
        foreach (HandledCall call in SyscallTable.Calls)
        {
            List<sock_filter> check = CheckOf(call.Condition, mayHaveMagic: call.Name == "mount");
            int first = NumberOf(call, architecture, out int second);
            if (first < 0)
            {
                continue;
            }

            if (second >= 0)
            {
                block.Add(sock_filter.IfEqual((uint)second, 1, 0));
            }

            block.Add(sock_filter.IfEqual((uint)first, 0, check.Count));
            block.AddRange(check);
        }

        block.Add(sock_filter.Return(SeccompAction.SECCOMP_RET_ALLOW));
        return block;
    }

    // Always ends in a verdict.
    static List<sock_filter> CheckOf(CallCondition condition, bool mayHaveMagic)
    {
        if (condition.Argument < 0)
        {
            return [sock_filter.Return(SeccompAction.SECCOMP_RET_USER_NOTIF)];
        }

        (int set, int clear) = condition.WhenSet ? (1, 0) : (0, 1);
        sock_filter[] verdicts =
            [sock_filter.Return(SeccompAction.SECCOMP_RET_ALLOW), sock_filter.Return(SeccompAction.SECCOMP_RET_USER_NOTIF)];
        sock_filter load = sock_filter.LoadArgument(condition.Argument);
        List<sock_filter> and = condition.And is { } other
            ? [sock_filter.LoadArgument(other.Argument), sock_filter.IfAnyBitSet(other.Bits, 1, 0), sock_filter.Return(SeccompAction.SECCOMP_RET_ALLOW)]
            : [];
        return mayHaveMagic
            ?
            [
                .. and,
                load,
                sock_filter.IfGreaterOrEqual(MS_MGC_VAL, 0, 2),
                sock_filter.IfGreater(MS_MGC_VAL | 0xffff, 1, 0),
                sock_filter.IfAnyBitSet(condition.Bits & 0xffff, set + 1, clear + 1),
                sock_filter.IfAnyBitSet(condition.Bits, set, clear),
                .. verdicts,
            ]
            : [.. and, load, sock_filter.IfAnyBitSet(condition.Bits, set, clear), .. verdicts];
    }
}
