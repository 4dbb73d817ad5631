using System.Collections.Frozen;
using Caisson.Kernel;
using Caisson.Oci;

namespace Caisson.Containers.Seccomp;

/// <summary>
/// Makes an engine's profile fit for a system container. A profile that names what is allowed gets the calls of
/// <see cref="Decisions"/> added, without conditions; one that names what is forbidden loses only the denials that no system
/// container survives. Conditions on other calls stay: personality, and the socket families that no namespace confines.
/// </summary>
public static partial class SystemProfile
{
    /// <summary>Null, no filter at all, stays null: it is how an engine says "unconfined".</summary>
    public static LinuxSeccomp? Plan(LinuxSeccomp? profile) => profile switch
    {
        null => null,
        { DefaultAction: "" } => profile,
        { DefaultAction: "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG" } =>
            profile with { Syscalls = Without(profile, Needed, IsDenial) },
        _ => profile with
        {
            Syscalls = [.. Without(profile, Opened, rule => !IsUnconditionalPermission(rule)), .. Additions(profile)],
        },
    };

    static LinuxSyscall[] Without(LinuxSeccomp profile, FrozenSet<string> lifted, Predicate<LinuxSyscall> isSuperseded)
    {
        HashSet<string> handedOver = HandedOver(profile);
        List<LinuxSyscall> rules = [];
        foreach (LinuxSyscall rule in profile.Syscalls ?? [])
        {
            if (!isSuperseded(rule))
            {
                rules.Add(rule);
                continue;
            }

            string[] names = [.. (rule.Names ?? []).Where(it => !lifted.Contains(it) || handedOver.Contains(it))];
            if (names.Length > 0)
            {
                rules.Add(rule with { Names = names });
            }
        }

        return [.. rules];
    }

    static IEnumerable<LinuxSyscall> Additions(LinuxSeccomp profile)
    {
        HashSet<string> settled = HandedOver(profile);
        foreach (LinuxSyscall rule in profile.Syscalls ?? [])
        {
            if (IsUnconditionalPermission(rule))
            {
                settled.UnionWith(rule.Names ?? []);
            }
        }

        string[] missing = [.. Decisions.SelectMany(it => it.Names).Where(it => Opened.Contains(it) && !settled.Contains(it))];
        if (missing.Length > 0)
        {
            yield return new LinuxSyscall { Names = missing, Action = "SCMP_ACT_ALLOW" };
        }

        string[] unknown = UnknownTo(profile);
        if (unknown.Length > 0)
        {
            yield return new LinuxSyscall { Names = unknown, Action = "SCMP_ACT_ERRNO", ErrnoRet = (uint)Errno.ENOSYS };
        }
    }

    // Calls newer than any that the profile names get ENOSYS instead of its default (FilterPrologue). The additions name newer
    // ones, which would turn that answer into EPERM for all in between, and programs fall back only on ENOSYS.
    static string[] UnknownTo(LinuxSeccomp profile)
    {
        if (profile.DefaultErrnoRet == (uint)Errno.ENOSYS)
        {
            return [];
        }

        int newest = 0;
        foreach (string name in (profile.Syscalls ?? []).SelectMany(it => it.Names ?? []))
        {
            newest = Math.Max(newest, UnifiedSyscalls.NumberOf(name) ?? 0);
        }

        return [.. UnifiedSyscalls.After(newest).ToArray().Where(it => !Opened.Contains(it))];
    }

    // Whom the profile's author made the judge of a call, a listener or a tracer, stays its judge.
    static HashSet<string> HandedOver(LinuxSeccomp profile) =>
    [
        .. (profile.Syscalls ?? []).Where(it => it.Action is "SCMP_ACT_NOTIFY" or "SCMP_ACT_TRACE").SelectMany(it => it.Names ?? []),
    ];

    static bool IsUnconditionalPermission(LinuxSyscall rule) =>
        rule is { Action: "SCMP_ACT_ALLOW" or "SCMP_ACT_LOG", Args: null or [] };

    static bool IsDenial(LinuxSyscall rule) => rule.Action is not ("SCMP_ACT_ALLOW" or "SCMP_ACT_LOG");
}
