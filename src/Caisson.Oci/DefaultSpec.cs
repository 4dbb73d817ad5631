namespace Caisson.Oci;

/// <summary>What <c>spec</c> writes: runc's example, a shell in fresh namespaces with few rights.</summary>
public static partial class DefaultSpec
{
    static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    /// <summary>A new spec, valid as it stands.</summary>
    /// <param name="withCgroupNamespace">As runc does where there is nothing but version 2.</param>
    public static Spec Create(bool withCgroupNamespace = true) => new()
    {
        OciVersion = "1.2.1",
        Process = CreateProcess(),
        Root = new Root { Path = "rootfs", Readonly = true },
        Hostname = "caisson",
        Mounts =
        [
            Mount("/proc", "proc", "proc", null),
            Mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Mount("/dev/pts", "devpts", "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            Mount("/dev/shm", "tmpfs", "shm", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            Mount("/dev/mqueue", "mqueue", "mqueue", ["nosuid", "noexec", "nodev"]),
            Mount("/sys", "sysfs", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
            Mount("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", "ro"]),
        ],
        Linux = new Linux
        {
            Resources = new LinuxResources
            {
                Devices = [new LinuxDeviceCgroup { Allow = false, Access = "rwm" }],
            },
            Namespaces =
            [
                new LinuxNamespace { Type = "pid" },
                new LinuxNamespace { Type = "network" },
                new LinuxNamespace { Type = "ipc" },
                new LinuxNamespace { Type = "uts" },
                new LinuxNamespace { Type = "mount" },
                .. withCgroupNamespace ? [new LinuxNamespace { Type = "cgroup" }] : (LinuxNamespace[])[],
            ],
            MaskedPaths =
            [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                "/proc/timer_stats", "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };

    static ProcessSpec CreateProcess() => new()
    {
        Terminal = true,
        User = new User(),
        Args = ["sh"],
        Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
        Cwd = "/",
        Capabilities = new LinuxCapabilities
        {
            Bounding = Capabilities,
            Effective = Capabilities,
            Permitted = Capabilities,
        },
        Rlimits = [new PosixRlimit { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
        NoNewPrivileges = true,
    };

    static MountSpec Mount(string destination, string type, string source, string[]? options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
