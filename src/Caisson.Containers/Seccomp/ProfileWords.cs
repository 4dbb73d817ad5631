using Caisson.Kernel;
using Caisson.Kernel.Seccomp;
using Caisson.Oci;

namespace Caisson.Containers.Seccomp;

/// <summary>What the words of a profile mean to the kernel and to libseccomp.</summary>
static class ProfileWords
{
    /// <summary>A filter's return value; without <paramref name="errnoRet"/> an error or a tracer's message is EPERM.</summary>
    public static uint Action(string name, uint? errnoRet) => name switch
    {
        "SCMP_ACT_ALLOW" => SeccompAction.SECCOMP_RET_ALLOW,
        "SCMP_ACT_ERRNO" => SeccompAction.Error(errnoRet ?? (uint)Errno.EPERM),
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => SeccompAction.SECCOMP_RET_KILL_THREAD,
        "SCMP_ACT_KILL_PROCESS" => SeccompAction.SECCOMP_RET_KILL_PROCESS,
        "SCMP_ACT_LOG" => SeccompAction.SECCOMP_RET_LOG,
        "SCMP_ACT_NOTIFY" => SeccompAction.SECCOMP_RET_USER_NOTIF,
        "SCMP_ACT_TRACE" => SeccompAction.Trace(errnoRet ?? (uint)Errno.EPERM),
        "SCMP_ACT_TRAP" => SeccompAction.SECCOMP_RET_TRAP,
        _ => throw Unknown("action", name, KnownNames.SeccompActions),
    };

    public static scmp_compare Operator(string name) => name switch
    {
        "SCMP_CMP_NE" => scmp_compare.SCMP_CMP_NE,
        "SCMP_CMP_LT" => scmp_compare.SCMP_CMP_LT,
        "SCMP_CMP_LE" => scmp_compare.SCMP_CMP_LE,
        "SCMP_CMP_EQ" => scmp_compare.SCMP_CMP_EQ,
        "SCMP_CMP_GE" => scmp_compare.SCMP_CMP_GE,
        "SCMP_CMP_GT" => scmp_compare.SCMP_CMP_GT,
        "SCMP_CMP_MASKED_EQ" => scmp_compare.SCMP_CMP_MASKED_EQ,
        _ => throw Unknown("operator", name, KnownNames.SeccompOperators),
    };

    public static SeccompFilterFlags Flag(string name) => name switch
    {
        // The filter is loaded by a process of one thread: there is nothing to synchronize, as in runc.
        "SECCOMP_FILTER_FLAG_TSYNC" => SeccompFilterFlags.None,
        "SECCOMP_FILTER_FLAG_LOG" => SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG,
        "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
        _ => throw Unknown("flag", name, KnownNames.SeccompFlags),
    };

    public static SeccompArchitecture Architecture(string name) =>
        SeccompArchitecture.Named(name) ?? throw Unknown("architecture", name, SeccompArchitecture.Names);

    static UserError Unknown(string kind, string name, IEnumerable<string> known) => new(
        $"seccomp profile: unknown {kind} \"{name}\"", $"use one of {string.Join(", ", known)}");
}
