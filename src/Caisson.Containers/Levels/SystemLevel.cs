using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Levels;

/// <summary>
/// What makes a spec that an engine wrote for an ordinary container the spec of a system container. Pure: spec in, spec out.
/// </summary>
public static class SystemLevel
{
    static readonly string[] OwnNamespaces = ["network", "pid", "ipc", "uts", "mount"];

    static readonly string[] AddedNamespaces = ["user", "cgroup", "time"];

    // Devices that need no more privilege than a user namespace gives, and that engines and VPNs inside look for.
    static readonly LinuxDevice[] AddedDevices =
    [
        new() { Path = "/dev/fuse", Type = "c", Major = 10, Minor = 229, FileMode = 0x1B6, Uid = 0, Gid = 0 },
        new() { Path = "/dev/net/tun", Type = "c", Major = 10, Minor = 200, FileMode = 0x1B6, Uid = 0, Gid = 0 },
        // The log is the host's. kubelet and journald want a file that they can open and read: the null device by that name.
        new() { Path = "/dev/kmsg", Type = "c", Major = 1, Minor = 3, FileMode = 0x1A4, Uid = 0, Gid = 0 },
    ];

    /// <summary>Is a device one that the level added, and that a container can do without?</summary>
    public static bool IsAdded(string path) => Array.Exists(AddedDevices, device => device.Path == path);

    const string UnprivilegedPorts = "net.ipv4.ip_unprivileged_port_start";

    // Mount points for file systems that a user namespace cannot mount. An init system that finds something mounted there does
    // not try; there is nothing in them to see.
    static readonly string[] EmptyDirectories =
        ["/sys/kernel/config", "/sys/kernel/debug", "/sys/kernel/security", "/sys/kernel/tracing"];

    // Sysctls are the container's own business; what is not namespaced the kernel refuses by itself.
    static readonly HashSet<string> WritablePaths = ["/proc", "/proc/sys", "/sys"];

    /// <summary>The spec, changed; a <see cref="UserError"/> where it asks for what a system container cannot have.</summary>
    /// <param name="spec">As the engine wrote it.</param>
    /// <param name="joinsUserNamespace">A namespace that it names belongs to another container's user namespace, which is joined.</param>
    /// <param name="bootTime">What CLOCK_BOOTTIME shows now, in seconds.</param>
    /// <param name="honorsCapabilities">Its capabilities count, instead of all.</param>
    public static Spec Plan(Spec spec, bool joinsUserNamespace, long bootTime, bool honorsCapabilities = false)
    {
        RequireOwnNamespaces(spec);
        Linux linux = spec.Linux ?? new Linux();
        bool privileged = IsPrivileged(linux.Resources);
        return spec with
        {
            Process = spec.Process is null ? null : Plan(spec.Process, honorsCapabilities),
            Mounts = [.. (spec.Mounts ?? []).Select(Plan)],
            Linux = linux with
            {
                Namespaces = Namespaces(linux.Namespaces ?? [], joinsUserNamespace),
                ReadonlyPaths = [.. (linux.ReadonlyPaths ?? []).Where(path => !WritablePaths.Contains(path))],
                MaskedPaths = [.. linux.MaskedPaths ?? [], .. EmptyDirectories.Except(linux.MaskedPaths ?? [])],
                Devices = Devices(linux.Devices ?? [], privileged),
                Resources = DeviceRules(linux.Resources, privileged),
                RootfsPropagation = null,
                TimeOffsets = TimeOffsets(linux, bootTime),
                Sysctl = Sysctls(linux, joinsUserNamespace),
            },
        };
    }

    /// <summary>
    /// Root inside has all capabilities of its user namespace, as on a host; another user none, but all may be gained by
    /// set-user-id programs. The engine's AppArmor profile forbids mounts, which are the point here.
    /// </summary>
    public static ProcessSpec Plan(ProcessSpec process, bool honorsCapabilities = false)
    {
        if (honorsCapabilities)
        {
            return process with { ApparmorProfile = null };
        }

        string[] all = [.. Capabilities.All];
        bool root = (process.User?.Uid ?? 0) == 0;
        return process with
        {
            Capabilities = new LinuxCapabilities
            {
                Bounding = all,
                Effective = root ? all : [],
                Permitted = root ? all : [],
                // Not needed: root's come from its uid at execve. Inheritable ones would be gained by other users' programs that
                // have them as file capabilities (CVE-2022-24769).
                Inheritable = [],
                Ambient = [],
            },
            ApparmorProfile = null,
        };
    }

    // A network namespace that an engine made before belongs to the engine's user namespace, and no capability of the container's
    // counts in it: without this its root could not listen on ports below 1024.
    static IReadOnlyDictionary<string, string>? Sysctls(Linux linux, bool joinsUserNamespace) =>
        joinsUserNamespace || !(linux.Namespaces ?? []).Any(entry => entry is { Type: "network", Path: not null })
            ? linux.Sysctl
            : new Dictionary<string, string>(linux.Sysctl ?? new Dictionary<string, string>())
            {
                [UnprivilegedPorts] = linux.Sysctl?.GetValueOrDefault(UnprivilegedPorts) ?? "0",
            };

    static void RequireOwnNamespaces(Spec spec)
    {
        foreach (string type in OwnNamespaces)
        {
            if (!(spec.Linux?.Namespaces ?? []).Any(entry => entry.Type == type))
            {
                throw SharesHost(type);
            }
        }
    }

    /// <summary>For a namespace that the spec leaves out or that it gives by the path of the host's.</summary>
    public static UserError SharesHost(string type) => new(
        $"a system container cannot share the host's {type} namespace",
        $"run without --{type} host (hostNetwork and its like in a pod), or with --isolation=plain");

    static LinuxNamespace[] Namespaces(LinuxNamespace[] given, bool joinsUserNamespace) =>
    [
        .. given.Where(entry => !(entry is { Type: "user", Path: null } && joinsUserNamespace)),
        .. AddedNamespaces
            .Where(type => !given.Any(entry => entry.Type == type) && !(type == "user" && joinsUserNamespace))
            .Select(type => new LinuxNamespace { Type = type }),
    ];

    // The container's machine was started when it was: /proc/uptime, sysinfo(2), and the start times of processes that ps(1)
    // computes with, all by the kernel.
    static IReadOnlyDictionary<string, TimeOffset>? TimeOffsets(Linux linux, long bootTime) =>
        linux.TimeOffsets is not null || (linux.Namespaces ?? []).Any(entry => entry.Type == "time")
            ? linux.TimeOffsets
            : new Dictionary<string, TimeOffset> { ["boottime"] = new(-bootTime, 0) };

    // Engines mount these read-only, as an ordinary container could change the host through them; here each belongs to a
    // namespace of the container's.
    static MountSpec Plan(MountSpec mount) => mount.Type is "sysfs" or "cgroup" or "cgroup2" or "proc"
        ? mount with { Options = [.. (mount.Options ?? []).Where(option => option is not ("ro" or "rw"))] }
        : mount;

    // `docker run --privileged` opens every device of the host. A system container takes the word as "everything that the
    // namespaces allow": the host's devices are not among that.
    static bool IsPrivileged(LinuxResources? resources) => (resources?.Devices ?? []).Any(rule =>
        rule.Allow && (rule.Type ?? "a") == "a" && (rule.Major ?? -1) == -1 && (rule.Minor ?? -1) == -1);

    static LinuxDevice[] Devices(LinuxDevice[] given, bool privileged)
    {
        LinuxDevice[] kept = privileged ? [] : given;
        return [.. kept, .. AddedDevices.Where(added => !kept.Any(device => device.Path == added.Path))];
    }

    // The cgroup adds what every system container may use after these (DeviceDefaults.System).
    static LinuxResources? DeviceRules(LinuxResources? resources, bool privileged) =>
        privileged || resources?.Devices is null
            ? (resources ?? new LinuxResources()) with { Devices = [new LinuxDeviceCgroup { Allow = false, Access = "rwm" }] }
            : resources;
}
