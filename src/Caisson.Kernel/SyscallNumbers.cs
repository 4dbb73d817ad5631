using System.Runtime.Intrinsics.X86;

namespace Caisson.Kernel;

/// <summary>
/// Numbers of the calls that are made raw: those that glibc lacks or changes, and all that a cloned child makes.
/// Each line holds both architectures (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h);
/// the compiler keeps one. Caisson.Abi.Tests compares them with the headers.
/// </summary>
public static class SyscallNumbers
{
    public static int read => Pick(x64: 0, arm64: 63);
    public static int write => Pick(x64: 1, arm64: 64);
    public static int close => Pick(x64: 3, arm64: 57);
    public static int rt_sigaction => Pick(x64: 13, arm64: 134);
    public static int rt_sigprocmask => Pick(x64: 14, arm64: 135);
    public static int socket => Pick(x64: 41, arm64: 198);

    public static int ioctl => Pick(x64: 16, arm64: 29);
    public static int writev => Pick(x64: 20, arm64: 66);
    public static int execve => Pick(x64: 59, arm64: 221);
    public static int wait4 => Pick(x64: 61, arm64: 260);
    public static int kill => Pick(x64: 62, arm64: 129);
    public static int fcntl => Pick(x64: 72, arm64: 25);
    public static int chdir => Pick(x64: 80, arm64: 49);
    public static int fchdir => Pick(x64: 81, arm64: 50);
    public static int umask => Pick(x64: 95, arm64: 166);
    public static int getppid => Pick(x64: 110, arm64: 173);
    public static int setsid => Pick(x64: 112, arm64: 157);
    public static int setgroups => Pick(x64: 116, arm64: 159);
    public static int setresuid => Pick(x64: 117, arm64: 147);
    public static int setresgid => Pick(x64: 119, arm64: 149);
    public static int setfsuid => Pick(x64: 122, arm64: 151);
    public static int setfsgid => Pick(x64: 123, arm64: 152);
    public static int capget => Pick(x64: 125, arm64: 90);
    public static int capset => Pick(x64: 126, arm64: 91);
    public static int personality => Pick(x64: 135, arm64: 92);
    public static int mmap => Pick(x64: 9, arm64: 222);
    public static int sched_getaffinity => Pick(x64: 204, arm64: 123);
    public static int sched_setaffinity => Pick(x64: 203, arm64: 122);
    public static int sched_setattr => Pick(x64: 314, arm64: 274);
    public static int pivot_root => Pick(x64: 155, arm64: 41);
    public static int prctl => Pick(x64: 157, arm64: 167);
    public static int chroot => Pick(x64: 161, arm64: 51);
    public static int umount2 => Pick(x64: 166, arm64: 39);
    public static int sethostname => Pick(x64: 170, arm64: 161);
    public static int setdomainname => Pick(x64: 171, arm64: 162);
    public static int gettid => Pick(x64: 186, arm64: 178);
    public static int exit_group => Pick(x64: 231, arm64: 94);
    public static int ioprio_set => Pick(x64: 251, arm64: 30);
    public static int keyctl => Pick(x64: 250, arm64: 219);
    public static int set_mempolicy => Pick(x64: 238, arm64: 237);
    public static int getdents64 => Pick(x64: 217, arm64: 61);
    public static int openat => Pick(x64: 257, arm64: 56);
    public static int unshare => Pick(x64: 272, arm64: 97);
    public static int faccessat => Pick(x64: 269, arm64: 48);
    public static int dup3 => Pick(x64: 292, arm64: 24);
    public static int prlimit64 => Pick(x64: 302, arm64: 261);
    public static int setns => Pick(x64: 308, arm64: 268);
    public static int seccomp => Pick(x64: 317, arm64: 277);
    public static int memfd_create => Pick(x64: 319, arm64: 279);
    public static int bpf => Pick(x64: 321, arm64: 280);
    public static int execveat => Pick(x64: 322, arm64: 281);
    public static int accept4 => Pick(x64: 288, arm64: 242);
    public static int statx => Pick(x64: 332, arm64: 291);
    public static int pidfd_send_signal => Pick(x64: 424, arm64: 424);
    public static int open_tree => Pick(x64: 428, arm64: 428);
    public static int move_mount => Pick(x64: 429, arm64: 429);
    public static int fsopen => Pick(x64: 430, arm64: 430);
    public static int fsconfig => Pick(x64: 431, arm64: 431);
    public static int fsmount => Pick(x64: 432, arm64: 432);
    public static int fspick => Pick(x64: 433, arm64: 433);
    public static int pidfd_open => Pick(x64: 434, arm64: 434);
    public static int clone3 => Pick(x64: 435, arm64: 435);
    public static int close_range => Pick(x64: 436, arm64: 436);
    public static int openat2 => Pick(x64: 437, arm64: 437);
    public static int pidfd_getfd => Pick(x64: 438, arm64: 438);
    public static int faccessat2 => Pick(x64: 439, arm64: 439);
    public static int mount_setattr => Pick(x64: 442, arm64: 442);
    public static int quotactl_fd => Pick(x64: 443, arm64: 443);

    // X86Base.IsSupported is a constant for the ahead-of-time compiler.
    static int Pick(int x64, int arm64) => X86Base.IsSupported ? x64 : arm64;
}
