using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>Device rules that hold whatever the spec says (config-linux.md#default-devices and what runc adds to them).</summary>
public static class DeviceDefaults
{
    /// <summary>
    /// Making any node (opening it is another right), the default devices, terminals and /dev/net/tun, which engines
    /// have relied on since the early days of Docker.
    /// </summary>
    public static IReadOnlyList<LinuxDeviceCgroup> All { get; } =
    [
        Allow("c", null, null, "m"),
        Allow("b", null, null, "m"),
        Allow("c", 1, 3, "rwm"), // null
        Allow("c", 1, 8, "rwm"), // random
        Allow("c", 1, 7, "rwm"), // full
        Allow("c", 5, 0, "rwm"), // tty
        Allow("c", 1, 5, "rwm"), // zero
        Allow("c", 1, 9, "rwm"), // urandom
        Allow("c", 136, null, "rwm"), // pts/*
        Allow("c", 5, 2, "rwm"), // ptmx
        Allow("c", 10, 200, "rwm"), // net/tun
    ];

    /// <summary>For system containers: FUSE, which overlay storage of rootless engines inside needs.</summary>
    public static IReadOnlyList<LinuxDeviceCgroup> System { get; } = [.. All, Allow("c", 10, 229, "rwm")];

    static LinuxDeviceCgroup Allow(string type, long? major, long? minor, string access) =>
        new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
}
