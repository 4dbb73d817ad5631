namespace Caisson.Kernel.Seccomp;

/// <summary>Flags of seccomp(2) under SECCOMP_SET_MODE_FILTER: SECCOMP_FILTER_FLAG_* of linux/seccomp.h.</summary>
[Flags]
public enum SeccompFilterFlags : uint
{
    None = 0,
    SECCOMP_FILTER_FLAG_TSYNC = 1 << 0,
    SECCOMP_FILTER_FLAG_LOG = 1 << 1,
    SECCOMP_FILTER_FLAG_SPEC_ALLOW = 1 << 2,
    SECCOMP_FILTER_FLAG_NEW_LISTENER = 1 << 3,
    SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 1 << 4,

    /// <summary>Since Linux 5.19, and only together with SECCOMP_FILTER_FLAG_NEW_LISTENER.</summary>
    SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 1 << 5,
}
