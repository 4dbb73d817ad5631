using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>struct sched_attr of linux/sched/types.h, without the utilisation clamps.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct sched_attr
{
    public uint size;
    public uint sched_policy;
    public ulong sched_flags;
    public int sched_nice;
    public uint sched_priority;
    public ulong sched_runtime;
    public ulong sched_deadline;
    public ulong sched_period;
}

/// <summary>How another process gets the processors and the disks: sched_setattr(2), sched_setaffinity(2), ioprio_set(2).</summary>
public static unsafe partial class Scheduling
{
    const int IOPRIO_WHO_PROCESS = 1;
    const int IOPRIO_CLASS_SHIFT = 13;
    // For 8192 CPUs, the most that Linux is built for.
    const int MaskSize = 1024;

    public static Errno TrySet(int pid, sched_attr attributes)
    {
        attributes.size = (uint)sizeof(sched_attr);
        return Result(call(SyscallNumbers.sched_setattr, pid, (nint)(&attributes), 0));
    }

    /// <param name="pid">Whose.</param>
    /// <param name="class">IOPRIO_CLASS_*.</param>
    /// <param name="priority">0 to 7.</param>
    public static Errno TrySetIOPriority(int pid, int @class, int priority) =>
        Result(call(SyscallNumbers.ioprio_set, IOPRIO_WHO_PROCESS, pid, (@class << IOPRIO_CLASS_SHIFT) | priority));

    /// <summary>The kernel takes of the CPUs those that the process's cpuset has.</summary>
    /// <param name="pid">Whose; 0 for the calling thread's.</param>
    /// <param name="cpus">Null for all.</param>
    public static Errno TrySetAffinity(int pid, IEnumerable<int>? cpus)
    {
        Span<byte> mask = stackalloc byte[MaskSize];
        mask.Fill(cpus is null ? (byte)0xff : (byte)0);
        foreach (int cpu in cpus ?? [])
        {
            if (cpu is < 0 or >= MaskSize * 8)
            {
                return Errno.EINVAL;
            }

            mask[cpu / 8] |= (byte)(1 << (cpu % 8));
        }

        return TrySetAffinity(pid, mask);
    }

    /// <param name="pid">Whose; 0 for the calling thread's.</param>
    /// <param name="mask">As <see cref="TryGetAffinity"/> gives it.</param>
    internal static Errno TrySetAffinity(int pid, ReadOnlySpan<byte> mask)
    {
        fixed (byte* start = mask)
        {
            return Result(call(SyscallNumbers.sched_setaffinity, pid, mask.Length, (nint)start));
        }
    }

    /// <param name="pid">Whose; 0 for the calling thread's.</param>
    /// <param name="mask">One bit for each CPU, as long as the kernel's.</param>
    internal static Errno TryGetAffinity(int pid, out byte[] mask)
    {
        mask = new byte[MaskSize];
        fixed (byte* start = mask)
        {
            nint length = call(SyscallNumbers.sched_getaffinity, pid, MaskSize, (nint)start);
            Errno errno = Result(length);
            mask = errno == Errno.None ? mask[..(int)length] : [];
            return errno;
        }
    }

    static Errno Result(nint result) => result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint call(nint number, nint a0, nint a1, nint a2);
}
