using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>struct __user_cap_header_struct of linux/capability.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct cap_header
{
    public uint version;
    public int pid;
}

/// <summary>struct __user_cap_data_struct of linux/capability.h; the calls take two of them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct cap_data
{
    public uint effective;
    public uint permitted;
    public uint inheritable;
}

/// <summary>Names and numbers of capabilities (linux/capability.h), and the set of them all that this kernel knows.</summary>
public static class Capabilities
{
    static readonly string[] Names =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
        "CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
        "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
        "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
        "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND",
        "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    public static IReadOnlyList<string> All => Names;

    /// <summary>The number of a capability's name, in any case; -1 where the name is unknown.</summary>
    public static int Number(string name) =>
        Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>A bit mask of the names that are known; the others are added to <paramref name="unknown"/>.</summary>
    public static ulong Mask(IEnumerable<string>? names, ICollection<string>? unknown = null)
    {
        ulong mask = 0;
        foreach (string name in names ?? [])
        {
            int number = Number(name);
            if (number < 0)
            {
                unknown?.Add(name);
            }
            else
            {
                mask |= 1UL << number;
            }
        }

        return mask;
    }

    /// <summary>All capabilities up to the last one of the running kernel (/proc/sys/kernel/cap_last_cap).</summary>
    public static ulong MaskUpTo(int last) => last >= 63 ? ulong.MaxValue : (1UL << (last + 1)) - 1;
}
