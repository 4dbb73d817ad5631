using System.Runtime.InteropServices;

namespace Caisson.Kernel;

/// <summary>An open file descriptor, owned from birth and close-on-exec by convention of every wrapper here.</summary>
public sealed partial class Fd : SafeHandle
{
    /// <summary>The directory that relative paths start from (AT_FDCWD of openat(2)); owns nothing.</summary>
    public static Fd CurrentDirectory { get; } = new(AT_FDCWD, owns: false);

    const int AT_FDCWD = -100;
    const int F_DUPFD_CLOEXEC = 1030;

    public Fd(int number) : this(number, owns: true)
    {
    }

    Fd(int number, bool owns) : base(-1, owns) => SetHandle(number);

    public override bool IsInvalid => handle == -1;

    /// <summary>The number, for plans that a child process performs and for /proc/self/fd.</summary>
    // SAFETY: callers keep this object reachable (GC.KeepAlive or a using scope) while the number is in use.
    public int Number => (int)handle;

    /// <summary>The path under which this process's threads reach the descriptor, for calls that take only paths.</summary>
    public string ProcPath => $"/proc/self/fd/{Number}";

    /// <summary>Wraps a descriptor that somebody else owns, such as standard input.</summary>
    public static Fd Borrow(int number) => new(number, owns: false);

    /// <summary>Duplicates with F_DUPFD_CLOEXEC from 3 or another number upwards, so a copy never lands on a standard stream.</summary>
    public static Fd Duplicate(int number, int from = 3)
    {
        int copy = fcntl(number, F_DUPFD_CLOEXEC, from);
        return copy >= 0 ? new Fd(copy) : throw KernelException.Last("fcntl F_DUPFD_CLOEXEC", number.ToString());
    }

    // close is never retried: on Linux the descriptor is gone even when the call says EINTR.
    protected override bool ReleaseHandle() => close((int)handle) == 0;

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, int argument);
}
