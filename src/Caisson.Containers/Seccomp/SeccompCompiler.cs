using System.Runtime.InteropServices;
using Caisson.Kernel;
using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Seccomp;

/// <summary>
/// A profile becomes a filter, with the meaning that runc gives it (libcontainer/seccomp): rules that repeat the
/// default action and names that nobody knows are skipped. It takes libseccomp some 20 ms for an engine's default
/// profile; see <see cref="FilterCache"/>.
/// </summary>
public static class SeccompCompiler
{
    // runc's bound for the tree: libseccomp needs it to be more than none, and a short list is as fast.
    const int RulesForTree = 32;

    const int MaxArguments = 6;

    /// <summary>Null for a profile that says nothing, not even a default.</summary>
    public static SeccompFilter? Compile(LinuxSeccomp profile)
    {
        LinuxSyscall[] rules = profile.Syscalls ?? [];
        if (profile.DefaultAction == "" && rules.Length == 0)
        {
            return null;
        }

        uint defaultAction = ProfileWords.Action(profile.DefaultAction, profile.DefaultErrnoRet);
        SeccompFilterFlags flags = Flags(profile);
        SeccompArchitecture[] architectures = [.. (profile.Architectures ?? []).Select(ProfileWords.Architecture)];

        using SeccompFilterBuilder builder = new(defaultAction);
        foreach (SeccompArchitecture architecture in architectures)
        {
            builder.AddArchitecture(architecture);
        }

        if (rules.Sum(it => it.Names?.Length ?? 0) > RulesForTree)
        {
            builder.SearchInTree();
        }

        List<NumberedRule> unresolved = [];
        foreach (LinuxSyscall rule in rules)
        {
            AddRule(builder, rule, defaultAction, unresolved);
        }

        bool hidesNewCalls = profile.DefaultAction is not ("SCMP_ACT_ALLOW" or "SCMP_ACT_LOG" or "SCMP_ACT_TRACE")
            && profile.DefaultErrnoRet != (uint)Errno.ENOSYS;
        sock_filter[] prologue = FilterPrologue.Plan(
            [.. architectures.Append(SeccompArchitecture.Native).Distinct().Select(Mode)], unresolved);
        byte[] program = [.. MemoryMarshal.AsBytes<sock_filter>(prologue), .. builder.Export()];
        return SeccompFilter.IsProgramSize(program.Length)
            ? new SeccompFilter(program, flags)
            : throw new UserError(
                $"seccomp profile: {program.Length / SeccompFilter.InstructionSize} instructions are more than the kernel's "
                    + $"{SeccompFilter.MaxInstructions}",
                "name fewer calls or architectures");

        PrologueMode Mode(SeccompArchitecture it) => new(it, hidesNewCalls ? Newest(it, rules) : null);
    }

    static void AddRule(SeccompFilterBuilder builder, LinuxSyscall rule, uint defaultAction, List<NumberedRule> unresolved)
    {
        uint action = ProfileWords.Action(rule.Action, rule.ErrnoRet);
        if (action == defaultAction)
        {
            return;
        }

        scmp_arg_cmp[] conditions = [.. (rule.Args ?? []).Select(Condition)];
        foreach (string name in rule.Names ?? [])
        {
            int number = Libseccomp.ResolveName(name);
            if (number != Libseccomp.UnknownSyscall)
            {
                AddRule(builder, action, number, conditions, name);
            }
            else if (conditions.Length == 0 && UnifiedSyscalls.NumberOf(name) is { } newer
                && !unresolved.Exists(it => it.Number == newer))
            {
                // The first of several unconditional rules holds, as it does in libseccomp.
                unresolved.Add(new NumberedRule(newer, action));
            }
        }
    }

    static void AddRule(SeccompFilterBuilder builder, uint action, int number, scmp_arg_cmp[] conditions, string name)
    {
        if (conditions.DistinctBy(it => it.arg).Count() == conditions.Length)
        {
            builder.AddRule(action, number, conditions, name);
            return;
        }

        // libseccomp refuses two conditions on one argument. As in runc each becomes a rule: alternatives, not a conjunction.
        foreach (scmp_arg_cmp condition in conditions)
        {
            builder.AddRule(action, number, [condition], name);
        }
    }

    static scmp_arg_cmp Condition(LinuxSeccompArg argument) => argument.Index < MaxArguments
        ? new scmp_arg_cmp
        {
            arg = argument.Index,
            op = ProfileWords.Operator(argument.Op),
            datum_a = argument.Value,
            datum_b = argument.ValueTwo,
        }
        : throw new UserError($"seccomp profile: system calls have no argument {argument.Index}", "use an index from 0 to 5");

    // Null when the profile names no call of the architecture: then nobody thought of it, and its default holds.
    static uint? Newest(SeccompArchitecture architecture, LinuxSyscall[] rules)
    {
        uint newest = 0;
        foreach (string name in rules.SelectMany(it => it.Names ?? []))
        {
            int number = Libseccomp.ResolveName(name, architecture);
            if (number == Libseccomp.UnknownSyscall && UnifiedSyscalls.NumberOf(name) is { } newer)
            {
                number = newer + (int)architecture.FirstNumber;
            }

            newest = Math.Max(newest, (uint)Math.Max(0, number));
        }

        return newest > 0 ? newest : null;
    }

    static SeccompFilterFlags Flags(LinuxSeccomp profile)
    {
        bool hasListener = Array.Exists(profile.Syscalls ?? [], it => it.Action == "SCMP_ACT_NOTIFY");
        SeccompFilterFlags flags = hasListener ? SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER : SeccompFilterFlags.None;
        if (profile.Flags is null)
        {
            // runc's default, and what Linux does by itself since 5.16: to have a filter alone must not slow a process down by
            // the mitigation of speculative store bypass.
            const SeccompFilterFlags usual = SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW;
            return SeccompFilter.KernelKnows(usual) ? flags | usual : flags;
        }

        foreach (string name in profile.Flags)
        {
            SeccompFilterFlags flag = ProfileWords.Flag(name);
            if (flag == SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV && !hasListener)
            {
                throw new UserError($"seccomp profile: {name} is of use only to a listener, and none is asked for", "remove the flag");
            }

            if (flag != SeccompFilterFlags.None && !SeccompFilter.KernelKnows(flag))
            {
                throw new UserError($"seccomp profile: the kernel does not know {name}", "remove the flag, or use a newer kernel");
            }

            flags |= flag;
        }

        return flags;
    }
}
