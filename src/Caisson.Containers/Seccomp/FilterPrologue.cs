using Caisson.Kernel;
using Caisson.Kernel.Seccomp;

namespace Caisson.Containers.Seccomp;

/// <summary>
/// The instructions in front of libseccomp's program. They answer two kinds of call and leave the rest to it:
/// <list type="bullet">
/// <item>
/// Calls newer than every call that the profile names fail with ENOSYS. Its author did not know them; libc tries a new call,
/// falls back to the old one on ENOSYS and on nothing else, so that the default EPERM breaks every program on the day that
/// libc is updated (runc does this since 1.0.0-rc93, libcontainer/seccomp/patchbpf).
/// </item>
/// <item>Calls that the profile names and libseccomp does not know (<see cref="UnifiedSyscalls"/>).</item>
/// </list>
/// Every other call passes with five instructions.
/// </summary>
static class FilterPrologue
{
    /// <summary>Pure: the instructions, which run off their end into the filter.</summary>
    public static sock_filter[] Plan(IReadOnlyList<PrologueMode> modes, IReadOnlyList<NumberedRule> rules)
    {
        PrologueMode[] busy = [.. modes.Where(it => it.Newest is not null || rules.Count > 0)];
        if (busy.Length == 0)
        {
            return [];
        }

        // Null stands for the jump to the filter, whose length is known at the end.
        List<sock_filter?> program = [sock_filter.LoadArchitecture];
        foreach (IGrouping<uint, PrologueMode> group in busy.GroupBy(it => it.Architecture.AuditArchitecture))
        {
            List<sock_filter?> section = [sock_filter.LoadNumber, .. Section(group, rules)];
            program.Add(sock_filter.IfEqual(group.Key, then: 0, otherwise: section.Count));
            program.AddRange(section);
        }

        return [.. program.Select((it, at) => it ?? sock_filter.Jump(program.Count - at - 1))];
    }

    static List<sock_filter?> Section(IEnumerable<PrologueMode> modes, IReadOnlyList<NumberedRule> rules)
    {
        List<sock_filter?> plain = [null];
        List<sock_filter?> x32 = [null];
        bool isX86 = false;
        foreach (PrologueMode mode in modes)
        {
            isX86 = mode.Architecture.AuditArchitecture == SeccompArchitecture.X86_64.AuditArchitecture;
            if (mode.Architecture == SeccompArchitecture.X32)
            {
                x32 = Block(mode, rules);
            }
            else
            {
                plain = Block(mode, rules);
            }
        }

        // A call of x32 has x86-64's architecture and one bit more: above every number, but not new. It is libseccomp's filter
        // that refuses it where the profile does not have the architecture.
        return isX86 ? [sock_filter.IfAnyBitSet(SeccompArchitecture.X32SyscallBit, plain.Count, 0), .. plain, .. x32] : plain;
    }

    static List<sock_filter?> Block(PrologueMode mode, IReadOnlyList<NumberedRule> rules)
    {
        uint first = mode.Newest + 1 ?? uint.MaxValue;
        List<sock_filter?> answers = [];
        foreach (NumberedRule rule in rules)
        {
            uint number = mode.Architecture.FirstNumber + (uint)rule.Number;
            first = Math.Min(first, number);
            answers.Add(sock_filter.IfEqual(number, then: 0, otherwise: 1));
            answers.Add(sock_filter.Return(rule.Action));
        }

        if (mode.Newest is { } newest)
        {
            answers.Add(sock_filter.IfGreater(newest, then: 0, otherwise: 1));
            answers.Add(sock_filter.Return(SeccompAction.Error((uint)Errno.ENOSYS)));
        }

        return [sock_filter.IfGreaterOrEqual(first, then: 1, otherwise: 0), null, .. answers, null];
    }
}
