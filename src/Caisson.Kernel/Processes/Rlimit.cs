using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>struct rlimit64 of sys/resource.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct rlimit64
{
    public ulong rlim_cur;
    public ulong rlim_max;
}

/// <summary>Resource limits of a process (prlimit(2)), by the names that OCI uses.</summary>
public static unsafe partial class Rlimit
{
    static readonly string[] Names =
    [
        "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_DATA", "RLIMIT_STACK", "RLIMIT_CORE", "RLIMIT_RSS", "RLIMIT_NPROC",
        "RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_AS", "RLIMIT_LOCKS", "RLIMIT_SIGPENDING", "RLIMIT_MSGQUEUE",
        "RLIMIT_NICE", "RLIMIT_RTPRIO", "RLIMIT_RTTIME",
    ];

    /// <summary>The resource's number (asm-generic/resource.h); -1 for an unknown name.</summary>
    public static int Number(string name) => Array.IndexOf(Names, name.ToUpperInvariant());

    public static Errno TrySet(int pid, int resource, rlimit64 limit) =>
        prlimit64(SyscallNumbers.prlimit64, pid, resource, &limit, null) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();

    public static Errno TryGet(int pid, int resource, out rlimit64 limit)
    {
        rlimit64 found = default;
        nint result = prlimit64(SyscallNumbers.prlimit64, pid, resource, null, &found);
        limit = found;
        return result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint prlimit64(nint number, int pid, int resource, rlimit64* set, rlimit64* old);
}
