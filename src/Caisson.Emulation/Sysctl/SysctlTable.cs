using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// The sysctls that the kernel has once for the whole machine and that software in a container wants to set: init systems,
/// kubelet, kube-proxy, k3s, Docker's swarm mode, databases. A container's root may set them for itself: the value is checked
/// as the kernel would, kept and shown, and has no effect. What the kernel keeps for each namespace (most of net, of kernel's
/// those of System V IPC, user) is not here, or is left alone where it is (<see cref="SysctlRow.Namespaced"/>).
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
        new("debug/exception-trace", Any, "1"),
        new("dev/tty/ldisc_autoload", Switch, "1"),

        new("fs/aio-max-nr", Long, Hosts),
        new("fs/dir-notify-enable", Any, "1"),
        new("fs/epoll/max_user_watches", Long, Hosts),
        new("fs/fanotify/max_queued_events", NotNegative, Hosts),
        new("fs/fanotify/max_user_groups", Count, Hosts),
        new("fs/fanotify/max_user_marks", Count, Hosts),
        new("fs/file-max", new IntegerForm(0, long.MaxValue, isUnsigned: true), Hosts),
        new("fs/inotify/max_queued_events", NotNegative, Hosts),
        new("fs/inotify/max_user_instances", Count, Hosts),
        new("fs/inotify/max_user_watches", Count, Hosts),
        new("fs/lease-break-time", NotNegative, "45"),
        new("fs/leases-enable", Switch, "1"),
        new("fs/mount-max", Positive, Hosts),
        // The multiple of 64 below INT_MAX.
        new("fs/nr_open", new IntegerForm(64, int.MaxValue - 63, isUnsigned: true), Hosts),
        new("fs/pipe-max-size", Unsigned, Hosts),
        new("fs/pipe-user-pages-hard", Long, Hosts),
        new("fs/pipe-user-pages-soft", Long, Hosts),
        new("fs/protected_fifos", UpTo2, Hosts) { Mode = OwnerOnly },
        new("fs/protected_hardlinks", Switch, Hosts) { Mode = OwnerOnly },
        new("fs/protected_regular", UpTo2, Hosts) { Mode = OwnerOnly },
        new("fs/protected_symlinks", Switch, Hosts) { Mode = OwnerOnly },
        new("fs/suid_dumpable", UpTo2, "0"),

        new("kernel/apparmor_restrict_unprivileged_userns", Switch, Hosts),
        // CORENAME_MAX_SIZE with its NUL.
        new("kernel/core_pattern", new TextForm(127), "core"),
        new("kernel/core_pipe_limit", Unsigned, "0"),
        new("kernel/core_uses_pid", Any, "0"),
        new("kernel/ctrl-alt-del", Any, "0"),
        new("kernel/dmesg_restrict", Switch, Hosts),
        new("kernel/hung_task_panic", NotNegative, "0"),
        new("kernel/hung_task_timeout_secs", new IntegerForm(0, long.MaxValue / 100, isUnsigned: true), "120"),
        new("kernel/hung_task_warnings", new IntegerForm(-1, int.MaxValue), "10"),
        new("kernel/io_uring_disabled", UpTo2, Hosts),
        new("kernel/io_uring_group", Any, Hosts),
        new("kernel/kexec_load_disabled", OnlyOne, "0"),
        new("kernel/keys/gc_delay", NotNegative, "300"),
        new("kernel/keys/maxbytes", Positive, "20000"),
        new("kernel/keys/maxkeys", Positive, "200"),
        new("kernel/keys/persistent_keyring_expiry", NotNegative, "259200"),
        new("kernel/keys/root_maxbytes", Positive, "25000000"),
        new("kernel/keys/root_maxkeys", Positive, "1000000"),
        new("kernel/kptr_restrict", UpTo2, Hosts),
        new("kernel/modules_disabled", OnlyOne, "0"),
        new("kernel/nmi_watchdog", Switch, "0"),
        new("kernel/numa_balancing", new IntegerForm(0, 4), "0"),
        new("kernel/panic", Any, "0"),
        new("kernel/panic_on_oops", Any, "0"),
        new("kernel/panic_on_warn", Switch, "0"),
        new("kernel/panic_print", Long, "0"),
        new("kernel/perf_cpu_time_max_percent", Percent, "25"),
        new("kernel/perf_event_max_sample_rate", Positive, "100000"),
        new("kernel/perf_event_mlock_kb", Any, "516"),
        new("kernel/perf_event_paranoid", Any, Hosts),
        // RESERVED_PIDS + 1 to PID_MAX_LIMIT.
        new("kernel/pid_max", new IntegerForm(301, 4194304), Hosts) { Namespaced = "6.14" },
        new("kernel/printk", new IntegerForm(int.MinValue, int.MaxValue, count: 4), "7\t4\t1\t7"),
        new("kernel/printk_delay", new IntegerForm(0, 10000), "0"),
        new("kernel/printk_devkmsg", new WordForm("on", "off", "ratelimit"), "ratelimit"),
        new("kernel/printk_ratelimit", Seconds, "5"),
        new("kernel/printk_ratelimit_burst", Any, "10"),
        new("kernel/randomize_va_space", Any, Hosts),
        new("kernel/sched_autogroup_enabled", Switch, "1"),
        new("kernel/sched_cfs_bandwidth_slice_us", Positive, "5000"),
        new("kernel/sched_rt_period_us", Positive, "1000000"),
        new("kernel/sched_rt_runtime_us", new IntegerForm(-1, int.MaxValue), "950000"),
        new("kernel/softlockup_panic", Switch, "0"),
        new("kernel/split_lock_mitigate", Switch, "1"),
        new("kernel/sysrq", Any, "1"),
        // FUTEX_TID_MASK.
        new("kernel/threads-max", new IntegerForm(1, 0x3fffffff), Hosts),
        new("kernel/timer_migration", Switch, "1"),
        new("kernel/unprivileged_bpf_disabled", UpTo2, Hosts) { Final = ("1", Errno.EPERM) },
        new("kernel/unprivileged_userns_clone", Switch, Hosts),
        new("kernel/watchdog", Switch, "1"),
        new("kernel/watchdog_thresh", new IntegerForm(0, 60), "10"),
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

        new("vm/admin_reserve_kbytes", Long, "8192"),
        new("vm/compact_memory", OnlyOne, "0") { Mode = OwnerWrites, IsRequest = true },
        new("vm/compaction_proactiveness", Percent, "20"),
        new("vm/dirty_background_bytes", Long, "0") { Clears = "vm/dirty_background_ratio" },
        new("vm/dirty_background_ratio", Percent, "10") { Clears = "vm/dirty_background_bytes" },
        new("vm/dirty_bytes", new IntegerForm(8192, ulong.MaxValue, isUnsigned: true), "0") { Clears = "vm/dirty_ratio" },
        new("vm/dirty_expire_centisecs", NotNegative, "3000"),
        new("vm/dirty_ratio", Percent, "20") { Clears = "vm/dirty_bytes" },
        new("vm/dirty_writeback_centisecs", Any, "500"),
        new("vm/dirtytime_expire_seconds", NotNegative, "43200"),
        new("vm/drop_caches", new IntegerForm(1, 4), "0") { Mode = OwnerWrites, IsRequest = true },
        new("vm/extfrag_threshold", new IntegerForm(0, 1000), "500"),
        new("vm/hugetlb_shm_group", Any, "0"),
        new("vm/laptop_mode", Seconds, "0"),
        new("vm/max_map_count", NotNegative, Hosts),
        new("vm/min_free_kbytes", NotNegative, "67584"),
        new("vm/mmap_min_addr", Long, Hosts),
        new("vm/mmap_rnd_bits", new IntegerForm(18, 33), Hosts),
        // The kernel, too, takes a number that it has no memory for, and then tells the one that it has got.
        new("vm/nr_hugepages", Long, Hosts) { IsRequest = true },
        new("vm/nr_overcommit_hugepages", Long, "0"),
        new("vm/oom_dump_tasks", Any, "1"),
        new("vm/oom_kill_allocating_task", Any, "0"),
        new("vm/overcommit_kbytes", Long, "0") { Clears = "vm/overcommit_ratio" },
        new("vm/overcommit_memory", UpTo2, "0"),
        new("vm/overcommit_ratio", Any, "50") { Clears = "vm/overcommit_kbytes" },
        new("vm/page-cluster", new IntegerForm(0, 31), "3"),
        new("vm/panic_on_oom", UpTo2, "0"),
        new("vm/stat_interval", Seconds, "1"),
        new("vm/swappiness", new IntegerForm(0, 200), "60"),
        new("vm/unprivileged_userfaultfd", Switch, Hosts),
        new("vm/user_reserve_kbytes", Long, "131072"),
        new("vm/vfs_cache_pressure", NotNegative, "100"),
        new("vm/watermark_boost_factor", NotNegative, "15000"),
        new("vm/watermark_scale_factor", new IntegerForm(1, 3000), "10"),
        new("vm/zone_reclaim_mode", NotNegative, "0"),
    ];
}
