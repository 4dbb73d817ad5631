using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>Which file system a descriptor lies on (statfs(2)), and advisory locks (flock(2)).</summary>
public static unsafe partial class FileSystems
{
    public const long DEVPTS_SUPER_MAGIC = 0x1cd1;
    public const long PROC_SUPER_MAGIC = 0x9fa0;
    public const long CGROUP2_SUPER_MAGIC = 0x63677270;
    public const long TMPFS_MAGIC = 0x01021994;
    public const long SYSFS_MAGIC = 0x62656572;
    public const long FUSE_SUPER_MAGIC = 0x65735546;
    public const long OVERLAYFS_SUPER_MAGIC = 0x794c7630;

    const int LOCK_EX = 2;

    /// <summary>f_type of statfs(2): one of linux/magic.h.</summary>
    public static long MagicOf(Fd file)
    {
        // struct statfs has 120 bytes on both architectures and begins with f_type.
        long* buffer = stackalloc long[32];
        return fstatfs(file, buffer) == 0 ? buffer[0] : throw KernelException.Last("fstatfs", file.ProcPath);
    }

    /// <summary>Waits for the exclusive lock, which lives as long as the descriptor.</summary>
    public static void Lock(Fd file)
    {
        while (flock(file, LOCK_EX) != 0)
        {
            if (Marshal.GetLastPInvokeError() != (int)Errno.EINTR)
            {
                throw KernelException.Last("flock", file.ProcPath);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(Fd file, long* buffer);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(Fd file, int operation);
}
