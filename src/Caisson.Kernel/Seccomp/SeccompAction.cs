namespace Caisson.Kernel.Seccomp;

/// <summary>
/// What a filter returns: SECCOMP_RET_* of linux/seccomp.h, which SCMP_ACT_* of seccomp.h equal. ERRNO and TRACE carry a
/// value in their low 16 bits.
/// </summary>
public static class SeccompAction
{
    public const uint SECCOMP_RET_KILL_PROCESS = 0x80000000;
    public const uint SECCOMP_RET_KILL_THREAD = 0;
    public const uint SECCOMP_RET_TRAP = 0x00030000;
    public const uint SECCOMP_RET_ERRNO = 0x00050000;
    public const uint SECCOMP_RET_USER_NOTIF = 0x7fc00000;
    public const uint SECCOMP_RET_TRACE = 0x7ff00000;
    public const uint SECCOMP_RET_LOG = 0x7ffc0000;
    public const uint SECCOMP_RET_ALLOW = 0x7fff0000;

    public const uint SECCOMP_RET_DATA = 0x0000ffff;
    public const uint SECCOMP_RET_ACTION_FULL = 0xffff0000;

    /// <summary>The call fails with this errno; 0 makes it succeed without having been made.</summary>
    public static uint Error(uint errno) => SECCOMP_RET_ERRNO | (errno & SECCOMP_RET_DATA);

    public static uint Trace(uint message) => SECCOMP_RET_TRACE | (message & SECCOMP_RET_DATA);
}
