namespace Caisson.Benchmarks;

/// <summary>The files that the view's measurements read and write.</summary>
static class ViewFiles
{
    /// <summary>A sysctl that the kernel has once for the machine, so containers have one that is emulated.</summary>
    public const string Emulated = "/proc/sys/vm/swappiness";

    /// <summary>One that the kernel keeps for each network namespace, so containers have the kernel's.</summary>
    public const string Namespaced = "/proc/sys/net/ipv4/ip_forward";

    public static readonly string[] OfLxcfs = ["/proc/uptime", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/cpuinfo"];

    public static readonly string[] All = [.. OfLxcfs, Emulated];
}
