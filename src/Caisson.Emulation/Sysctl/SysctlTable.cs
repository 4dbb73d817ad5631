using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// The sysctls that the kernel has once for the whole machine and that software in a container wants to set: init systems,
/// kubelet, kube-proxy, k3s, Docker's swarm mode, databases. A container's root may set them for itself: the value is checked
/// as the kernel would, kept and shown, and has no effect. What the kernel keeps for each namespace (most of net, of kernel's
/// those of System V IPC, user) is not here, or is left alone where it is (<see cref="SysctlRow.Namespaced"/>).
/// <para>
/// Each row costs every container a mount when it is created, some 20 µs: what only a person would set is not here.
/// </para>
/// <para>
/// A row begins with the kernel's default, or with the host's value where programs reckon with it because it does have an
/// effect; neither is a secret.
/// </para>
/// </summary>
static class SysctlTable
{
    static readonly IntegerForm Any = new(int.MinValue, int.MaxValue);
    static readonly IntegerForm Positive = new(1, int.MaxValue);
    static readonly IntegerForm NotNegative = new(0, int.MaxValue);
    static readonly IntegerForm Unsigned = new(0, uint.MaxValue, isUnsigned: true);
    static readonly IntegerForm Long = new(0, ulong.MaxValue, isUnsigned: true);
    // Counts of user namespaces: kept as long, bounded as int.
    static readonly IntegerForm Count = new(0, int.MaxValue, isUnsigned: true);
    static readonly IntegerForm Switch = new(0, 1);
    static readonly IntegerForm OnlyOne = new(1, 1);
    static readonly IntegerForm UpTo2 = new(0, 2);
    static readonly IntegerForm UpTo3 = new(0, 3);
    static readonly IntegerForm Percent = new(0, 100);
    // Kept in jiffies, of which a second has at least 100.
    static readonly IntegerForm Seconds = new(int.MinValue / 100, int.MaxValue / 100);

    const uint OwnerOnly = 0x180; // 0600
    const uint OwnerWrites = 0x80; // 0200
    const string? Hosts = null;

    public static IReadOnlyList<SysctlRow> Rows { get; } =
    [
        new("fs/aio-max-nr", Long, Hosts),
        new("fs/epoll/max_user_watches", Long, Hosts),
        new("fs/file-max", new IntegerForm(0, long.MaxValue, isUnsigned: true), Hosts),
        new("fs/inotify/max_queued_events", NotNegative, Hosts),
        new("fs/inotify/max_user_instances", Count, Hosts),
        new("fs/inotify/max_user_watches", Count, Hosts),
        new("fs/mount-max", Positive, Hosts),
        // The multiple of 64 below INT_MAX.
        new("fs/nr_open", new IntegerForm(64, int.MaxValue - 63, isUnsigned: true), Hosts),
        new("fs/pipe-max-size", Unsigned, Hosts),
        new("fs/pipe-user-pages-soft", Long, Hosts),
        new("fs/protected_fifos", UpTo2, Hosts) { Mode = OwnerOnly },
        new("fs/protected_hardlinks", Switch, Hosts) { Mode = OwnerOnly },
        new("fs/protected_regular", UpTo2, Hosts) { Mode = OwnerOnly },
        new("fs/protected_symlinks", Switch, Hosts) { Mode = OwnerOnly },
        new("fs/suid_dumpable", UpTo2, "0"),

        // CORENAME_MAX_SIZE with its NUL.
        new("kernel/core_pattern", new TextForm(127), "core"),
        new("kernel/core_pipe_limit", Unsigned, "0"),
        new("kernel/core_uses_pid", Any, "0"),
        new("kernel/dmesg_restrict", Switch, Hosts),
        new("kernel/keys/maxbytes", Positive, "20000"),
        new("kernel/keys/maxkeys", Positive, "200"),
        new("kernel/keys/root_maxbytes", Positive, "25000000"),
        new("kernel/keys/root_maxkeys", Positive, "1000000"),
        new("kernel/kptr_restrict", UpTo2, Hosts),
        new("kernel/modules_disabled", OnlyOne, "0"),
        new("kernel/numa_balancing", new IntegerForm(0, 4), "0"),
        new("kernel/panic", Any, "0"),
        new("kernel/panic_on_oops", Any, "0"),
        new("kernel/panic_on_warn", Switch, "0"),
        new("kernel/perf_event_paranoid", Any, Hosts),
        // RESERVED_PIDS + 1 to PID_MAX_LIMIT.
        new("kernel/pid_max", new IntegerForm(301, 4194304), Hosts) { Namespaced = "6.14" },
        new("kernel/printk", new IntegerForm(int.MinValue, int.MaxValue, count: 4), "7\t4\t1\t7"),
        new("kernel/randomize_va_space", Any, Hosts),
        new("kernel/sched_autogroup_enabled", Switch, "1"),
        new("kernel/sched_rt_runtime_us", new IntegerForm(-1, int.MaxValue), "950000"),
        new("kernel/softlockup_panic", Switch, "0"),
        new("kernel/sysrq", Any, "1"),
        // FUTEX_TID_MASK.
        new("kernel/threads-max", new IntegerForm(1, 0x3fffffff), Hosts),
        new("kernel/unprivileged_bpf_disabled", UpTo2, Hosts) { Final = ("1", Errno.EPERM) },
        new("kernel/yama/ptrace_scope", UpTo3, Hosts) { Final = ("3", Errno.EINVAL) },

        new("net/core/default_qdisc",
            new WordForm("bfifo", "cake", "fq", "fq_codel", "fq_pie", "noqueue", "pfifo", "pfifo_fast", "sfq"), "pfifo_fast"),
        // Shown in every network namespace, for reading.
        new("net/core/rmem_default", new IntegerForm(2304, int.MaxValue), Hosts),
        new("net/core/rmem_max", new IntegerForm(2304, int.MaxValue), Hosts),
        new("net/core/somaxconn", NotNegative, "4096") { Namespaced = "always" },
        new("net/core/wmem_default", new IntegerForm(4608, int.MaxValue), Hosts),
        new("net/core/wmem_max", new IntegerForm(4608, int.MaxValue), Hosts),
        new("net/ipv4/neigh/default/gc_thresh1", NotNegative, "128"),
        new("net/ipv4/neigh/default/gc_thresh2", NotNegative, "512"),
        new("net/ipv4/neigh/default/gc_thresh3", NotNegative, "1024"),
        new("net/ipv4/vs/conn_reuse_mode", Switch, "1") { Namespaced = "always" },
        new("net/ipv4/vs/conntrack", Switch, "0") { Namespaced = "always" },
        new("net/ipv4/vs/expire_nodest_conn", Any, "0") { Namespaced = "always" },
        new("net/ipv4/vs/expire_quiescent_template", Any, "0") { Namespaced = "always" },
        new("net/netfilter/nf_conntrack_buckets", NotNegative, "262144"),
        new("net/netfilter/nf_conntrack_expect_max", NotNegative, "4096"),
        new("net/netfilter/nf_conntrack_generic_timeout", Seconds, "600") { Namespaced = "always" },
        new("net/netfilter/nf_conntrack_max", NotNegative, "262144"),
        new("net/netfilter/nf_conntrack_tcp_be_liberal", Switch, "0") { Namespaced = "always" },
        new("net/netfilter/nf_conntrack_tcp_timeout_close_wait", Seconds, "60") { Namespaced = "always" },
        new("net/netfilter/nf_conntrack_tcp_timeout_established", Seconds, "432000") { Namespaced = "always" },
        new("net/nf_conntrack_max", NotNegative, "262144"),
        new("net/unix/max_dgram_qlen", Any, "10") { Namespaced = "always" },

        new("vm/compact_memory", OnlyOne, "0") { Mode = OwnerWrites, IsRequest = true },
        new("vm/dirty_background_bytes", Long, "0") { Clears = "vm/dirty_background_ratio" },
        new("vm/dirty_background_ratio", Percent, "10") { Clears = "vm/dirty_background_bytes" },
        new("vm/dirty_bytes", new IntegerForm(8192, ulong.MaxValue, isUnsigned: true), "0") { Clears = "vm/dirty_ratio" },
        new("vm/dirty_expire_centisecs", NotNegative, "3000"),
        new("vm/dirty_ratio", Percent, "20") { Clears = "vm/dirty_bytes" },
        new("vm/dirty_writeback_centisecs", Any, "500"),
        new("vm/drop_caches", new IntegerForm(1, 4), "0") { Mode = OwnerWrites, IsRequest = true },
        new("vm/max_map_count", NotNegative, Hosts),
        new("vm/min_free_kbytes", NotNegative, "67584"),
        new("vm/mmap_min_addr", Long, Hosts),
        // The kernel, too, takes a number that it has no memory for, and then tells the one that it has got.
        new("vm/nr_hugepages", Long, Hosts) { IsRequest = true },
        new("vm/oom_kill_allocating_task", Any, "0"),
        new("vm/overcommit_memory", UpTo2, "0"),
        new("vm/overcommit_ratio", Any, "50"),
        new("vm/panic_on_oom", UpTo2, "0"),
        new("vm/swappiness", new IntegerForm(0, 200), "60"),
        new("vm/unprivileged_userfaultfd", Switch, Hosts),
        new("vm/vfs_cache_pressure", NotNegative, "100"),
        new("vm/watermark_scale_factor", new IntegerForm(1, 3000), "10"),
        new("vm/zone_reclaim_mode", NotNegative, "0"),
    ];
}
