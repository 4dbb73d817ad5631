using System.Runtime.InteropServices;

namespace Caisson.Kernel.Spawning;

/// <summary>struct clone_args of linux/sched.h (88 bytes: with the cgroup member of Linux 5.7).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct clone_args
{
    public ulong flags;
    public ulong pidfd;
    public ulong child_tid;
    public ulong parent_tid;
    public ulong exit_signal;
    public ulong stack;
    public ulong stack_size;
    public ulong tls;
    public ulong set_tid;
    public ulong set_tid_size;
    public ulong cgroup;
}

/// <summary>struct iovec of linux/uio.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct iovec
{
    public byte* iov_base;
    public nuint iov_len;
}
