namespace Caisson.Oci;

public static partial class SpecValidator
{
    /// <summary>All problems of a profile.</summary>
    /// <param name="seccomp">The profile.</param>
    /// <param name="at">Pointer of the profile in its document.</param>
    public static IReadOnlyList<Problem> Validate(LinuxSeccomp seccomp, string at = "/linux/seccomp")
    {
        var findings = new Findings();
        findings.OneOf(seccomp.DefaultAction, KnownNames.SeccompActions.AsSpan(), $"{at}/defaultAction", "action");
        findings.AllOf(
            seccomp.Architectures, KnownNames.SeccompArchitectures.AsSpan(), $"{at}/architectures", "architecture");
        findings.AllOf(seccomp.Flags, KnownNames.SeccompFlags.AsSpan(), $"{at}/flags", "flag");
        findings.NoNul(seccomp.ListenerPath, $"{at}/listenerPath");
        if (seccomp.DefaultAction == "SCMP_ACT_NOTIFY")
        {
            findings.Error($"{at}/defaultAction", "the listener would have to be sent by calls that wait for it",
                "use another default, and SCMP_ACT_NOTIFY in rules");
        }

        for (int i = 0; i < seccomp.Syscalls?.Length; i++)
        {
            CheckRule(findings, seccomp, seccomp.Syscalls[i], $"{at}/syscalls/{i}");
        }

        return findings.Problems;
    }

    static void CheckRule(Findings findings, LinuxSeccomp seccomp, LinuxSyscall rule, string at)
    {
        if (rule.Names is not { Length: > 0 })
        {
            findings.Error($"{at}/names", "the rule names no system call", "add a name or remove the rule");
        }

        findings.NoNul(rule.Names, $"{at}/names");
        findings.OneOf(rule.Action, KnownNames.SeccompActions.AsSpan(), $"{at}/action", "action");
        if (rule.Action == "SCMP_ACT_NOTIFY")
        {
            CheckNotify(findings, seccomp, rule, at);
        }

        for (int i = 0; i < rule.Args?.Length; i++)
        {
            findings.OneOf(rule.Args[i].Op, KnownNames.SeccompOperators.AsSpan(), $"{at}/args/{i}/op", "operator");
            if (rule.Args[i].Index > 5)
            {
                findings.Error($"{at}/args/{i}/index", $"there is no argument {rule.Args[i].Index}", "use 0 to 5");
            }
        }
    }

    static void CheckNotify(Findings findings, LinuxSeccomp seccomp, LinuxSyscall rule, string at)
    {
        if (seccomp.ListenerPath is null)
        {
            findings.Error($"{at}/action", "SCMP_ACT_NOTIFY without a listener",
                "name the listener's socket in listenerPath");
        }

        // The descriptor is handed over by write after the filter is on, as in runc.
        int write = Array.IndexOf(rule.Names ?? [], "write");
        if (write >= 0)
        {
            findings.Error($"{at}/names/{write}", "SCMP_ACT_NOTIFY cannot be used for the write syscall", "use another action");
        }
    }
}
