using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Caisson.Containers.Seccomp;

/// <content>
/// The table. Engines open most of these calls only to containers that were given a capability on the host. A system
/// container has every capability, but over its own user namespace. So the question for each call is where
/// the kernel looks for the capability: ns_capable (the namespace that owns the object: the call works, and only on what is the
/// container's own) or capable (the initial namespace: the call can only fail, and allowing it adds code to attack and
/// nothing else).
/// </content>
public static partial class SystemProfile
{
    /// <summary>No name stands in two lines.</summary>
    public static ImmutableArray<SyscallDecision> Decisions { get; } =
    [
        new(SyscallVerdict.Needed,
            "Mount namespaces belong to a user namespace; mounts that came from the host are locked (mount_namespaces(7)).",
            "mount", "umount", "umount2", "pivot_root"),
        new(SyscallVerdict.Needed,
            "Engines make namespaces. Profiles mask the namespace flags of clone's first argument, and answer ENOSYS to clone3, "
                + "whose flags lie in memory that no filter can read: both have to go, or neither helps.",
            "clone", "clone3", "unshare", "setns"),
        new(SyscallVerdict.Needed,
            "Image builders and rescue shells use it; CAP_SYS_CHROOT of the own namespace is what the kernel asks for.",
            "chroot"),
        new(SyscallVerdict.Needed,
            "The UTS namespace is the container's own.",
            "sethostname", "setdomainname"),
        new(SyscallVerdict.Needed,
            "runc makes a session keyring for every container and takes EPERM for fatal. Keyrings are found by user namespace, and "
                + "quotas go by uid: the container's own range.",
            "keyctl", "add_key", "request_key"),
        new(SyscallVerdict.Needed,
            "The mount calls since Linux 5.2 check what mount(2) checks; engines inside need them for id-mapped mounts.",
            "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"),
        new(SyscallVerdict.Needed,
            "In a pid namespace other than the first it ends that namespace's init and nothing else, and how it ended tells halt "
                + "from restart (reboot(2)). Outside one the kernel wants the host's CAP_SYS_BOOT.",
            "reboot"),
        new(SyscallVerdict.Allowed,
            "The youngest mount calls, which most profiles do not know; they check the capability over the mount namespace too.",
            "statmount", "listmount", "open_tree_attr"),
        new(SyscallVerdict.Allowed,
            "They ask for no capability; inits and engines use them, and older profiles do not know them.",
            "close_range", "openat2", "faccessat2", "fchmodat2", "epoll_pwait2", "pidfd_open", "pidfd_send_signal",
            "process_mrelease"),
        new(SyscallVerdict.Allowed,
            "They ask for ptrace access, so for CAP_SYS_PTRACE over the target's user namespace: a debugger inside sees the inside.",
            "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp"),
        new(SyscallVerdict.Allowed,
            "systemd tells mount points by it. The handle is of no use without open_by_handle_at.",
            "name_to_handle_at"),
        new(SyscallVerdict.Allowed,
            "A process's own memory policy; units with NUMAPolicy= fail without. The cpuset bounds the nodes.",
            "get_mempolicy", "mbind", "set_mempolicy", "set_mempolicy_home_node"),
        new(SyscallVerdict.Allowed,
            "/proc/self/attr as calls; writing there is not filtered either, the security module decides.",
            "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules"),
        new(SyscallVerdict.Allowed,
            "Without the host's CAP_SYS_ADMIN it is unprivileged: own files, no permission events (fanotify_init(2)).",
            "fanotify_init"),
        new(SyscallVerdict.Untouched,
            "Programs load with the host's CAP_BPF alone, so that inside it could only fail, except where the host has "
                + "kernel.unprivileged_bpf_disabled=0: there the verifier would be open to attack. Engines inside go on without "
                + "device programs when they are in a user namespace.",
            "bpf"),
        new(SyscallVerdict.Untouched,
            "A handle can be guessed, and one of the file system's root leads out of the container; the kernel has asked for the "
                + "host's capability, but since 6.11 not always.",
            "open_by_handle_at"),
        new(SyscallVerdict.Untouched,
            "The kernel asks for the host's capability: modules, other kernels, swap, quota, accounting, ports.",
            "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "swapon", "swapoff", "quotactl",
            "quotactl_fd", "acct", "iopl", "ioperm"),
        new(SyscallVerdict.Untouched,
            "The clock is the host's. Reading is in every profile; time namespaces are set by offsets, not by these.",
            "settimeofday", "stime", "clock_settime", "clock_settime64"),
        new(SyscallVerdict.Untouched,
            "The log is the host's and is not kept by namespace; with kernel.dmesg_restrict=0 anybody could read it.",
            "syslog"),
        new(SyscallVerdict.Untouched,
            "Looks at the whole machine's events, with a long list of faults; wants the host's CAP_PERFMON anyway.",
            "perf_event_open", "lookup_dcookie"),
        new(SyscallVerdict.Untouched,
            "Holds a kernel path open at a page fault, which exploits of races want; no init or engine does.",
            "userfaultfd"),
        new(SyscallVerdict.Untouched,
            "vhangup asks for the host's CAP_SYS_TTY_CONFIG; getty goes on without.",
            "vhangup"),
        new(SyscallVerdict.Untouched,
            "Engines took it out of their profiles for its faults; programs fall back. Who wants it names it in the profile.",
            "io_uring_setup", "io_uring_enter", "io_uring_register"),
    ];

    // In this file, below the table: initializers run in the order of the text.
    static readonly FrozenSet<string> Needed = NamesOf(SyscallVerdict.Needed);
    static readonly FrozenSet<string> Opened = NamesOf(SyscallVerdict.Needed, SyscallVerdict.Allowed);

    static FrozenSet<string> NamesOf(params SyscallVerdict[] verdicts) =>
        Decisions.Where(it => verdicts.Contains(it.Verdict)).SelectMany(it => it.Names).ToFrozenSet(StringComparer.Ordinal);
}
