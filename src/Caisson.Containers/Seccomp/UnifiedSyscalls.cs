using System.Collections.Frozen;

namespace Caisson.Containers.Seccomp;

/// <summary>
/// System calls since Linux 5.1. From 424 on a call has one number on every architecture (above the ABI's base), so that
/// this table can stand in for a libseccomp that is older than the profile: 2.5.4 ends at 450, and without this a rule for
/// statmount would be dropped without a word, a denial as well as a permission.
/// </summary>
static class UnifiedSyscalls
{
    public const int First = 424;

    // include/uapi/asm-generic/unistd.h of Linux 6.18; the index is the number less First.
    static readonly string[] Names =
    [
        "pidfd_send_signal", "io_uring_setup", "io_uring_enter", "io_uring_register", "open_tree", "move_mount",
        "fsopen", "fsconfig", "fsmount", "fspick", "pidfd_open", "clone3", "close_range", "openat2", "pidfd_getfd",
        "faccessat2", "process_madvise", "epoll_pwait2", "mount_setattr", "quotactl_fd", "landlock_create_ruleset",
        "landlock_add_rule", "landlock_restrict_self", "memfd_secret", "process_mrelease", "futex_waitv",
        "set_mempolicy_home_node", "cachestat", "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait",
        "futex_requeue", "statmount", "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules",
        "mseal", "setxattrat", "getxattrat", "listxattrat", "removexattrat", "open_tree_attr", "file_getattr",
        "file_setattr", "listns",
    ];

    static readonly FrozenDictionary<string, int> Numbers =
        Names.Index().ToFrozenDictionary(it => it.Item, it => First + it.Index, StringComparer.Ordinal);

    /// <summary>The number less the ABI's base; null for older calls and for names that are none.</summary>
    public static int? NumberOf(string name) => Numbers.TryGetValue(name, out int number) ? number : null;

    /// <summary>Names of the calls with a higher number, in the order of their numbers.</summary>
    public static ReadOnlySpan<string> After(int number) => Names.AsSpan(Math.Clamp(number + 1 - First, 0, Names.Length));
}
