using System.Runtime.InteropServices;

namespace Caisson.Abi.Tests;

/// <summary>
/// Sets of headers that go together in one translation unit: those of the kernel and those of glibc define some structs and
/// enums twice. An assertion belongs to the first set that knows all its names.
/// </summary>
static class CHeaders
{
    static readonly string[] Kernel =
    [
        "stddef.h", "linux/types.h", "linux/audit.h", "linux/bpf.h", "linux/bpf_common.h", "linux/capability.h",
        "linux/close_range.h", "linux/quota.h", "linux/dqblk_xfs.h", "linux/elf-em.h", "linux/errno.h", "linux/fcntl.h", "linux/filter.h", "linux/fs.h",
        "linux/fuse.h", "linux/keyctl.h", "linux/limits.h", "linux/ioprio.h", "linux/magic.h", "linux/mempolicy.h", "linux/personality.h", "linux/memfd.h", "linux/mount.h", "linux/nsfs.h",
        "linux/netfilter.h", "linux/netfilter_ipv4.h", "linux/netfilter/nf_tables.h", "linux/netfilter/nfnetlink.h", "linux/netlink.h", "linux/rtnetlink.h",
        "linux/openat2.h", "linux/pidfd.h", "linux/poll.h", "linux/prctl.h", "linux/resource.h", "linux/sched.h", "linux/sched/types.h",
        "linux/seccomp.h", "linux/securebits.h", "linux/signal.h", "linux/signalfd.h", "linux/stat.h", "linux/sysinfo.h", "linux/time_types.h",
        "linux/uio.h", "linux/wait.h", "asm/ioctls.h", "asm/poll.h", "asm/signal.h", "asm/termbits.h", "asm/termios.h",
        "asm/unistd.h",
    ];

    static readonly string[] Library =
    [
        "stddef.h", "dirent.h", "elf.h", "errno.h", "fcntl.h", "poll.h", "sched.h", "signal.h", "termios.h", "time.h", "unistd.h",
        "net/if.h", "sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/inotify.h", "sys/ioctl.h", "sys/mman.h", "sys/mount.h",
        "sys/prctl.h", "sys/resource.h", "sys/signalfd.h", "sys/socket.h", "sys/stat.h", "sys/statvfs.h", "sys/time.h", "sys/timerfd.h", "sys/uio.h",
        "sys/un.h", "sys/vfs.h", "sys/wait.h", "sys/xattr.h",
    ];

    static readonly string[] Seccomp = ["stddef.h", "seccomp.h"];

    /// <summary>What Caisson's structs and constants are looked up in, in this order.</summary>
    public static IReadOnlyList<string> All { get; } = [Unit(Kernel), Unit(Library), Unit(Seccomp)];

    /// <summary>__NR_* of x86-64.</summary>
    public static IReadOnlyList<string> SyscallsX64 { get; } = [Unit(["asm/unistd_64.h"])];

    /// <summary>__NR_* of arm64: the generic table with what arch/arm64/include/uapi/asm/unistd.h asks of it.</summary>
    public static IReadOnlyList<string> SyscallsArm64 { get; } =
    [
        """
        #define __ARCH_WANT_RENAMEAT
        #define __ARCH_WANT_NEW_STAT
        #define __ARCH_WANT_SET_GET_RLIMIT
        #define __ARCH_WANT_TIME32_SYSCALLS
        #define __ARCH_WANT_SYS_CLONE3
        #define __ARCH_WANT_MEMFD_SECRET

        """ + Unit(["asm-generic/unistd.h"]),
    ];

    public static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    static string Unit(IEnumerable<string> headers) => string.Concat(headers.Select(header => $"#include <{header}>\n"));
}
