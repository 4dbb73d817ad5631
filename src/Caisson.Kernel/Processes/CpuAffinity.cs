using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>
/// Keeps the calling thread, and what it clones meanwhile, on the CPU that it runs on (sched_setaffinity(2)). Two processes that
/// talk in turn are faster there: waking another CPU takes longer than a change of process. Where it is not allowed, nothing
/// happens.
/// </summary>
public readonly unsafe partial struct CpuAffinity : IDisposable
{
    // For 8192 CPUs, the most that Linux is built for.
    const int MaskSize = 1024;

    readonly byte[]? _former;

    CpuAffinity(byte[] former) => _former = former;

    public static CpuAffinity Pin()
    {
        byte[] former = new byte[MaskSize];
        Span<byte> one = stackalloc byte[MaskSize];
        one.Clear();
        int cpu = sched_getcpu();
        int length;
        fixed (byte* start = former)
        {
            length = (int)affinity(SyscallNumbers.sched_getaffinity, 0, MaskSize, start);
        }

        if (cpu < 0 || length <= 0)
        {
            return default;
        }

        one[cpu / 8] = (byte)(1 << (cpu % 8));
        fixed (byte* start = one)
        {
            return affinity(SyscallNumbers.sched_setaffinity, 0, (nuint)length, start) == 0 ? new CpuAffinity(former[..length]) : default;
        }
    }

    public void Dispose()
    {
        fixed (byte* start = _former)
        {
            if (start is not null)
            {
                affinity(SyscallNumbers.sched_setaffinity, 0, (nuint)_former!.Length, start);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int sched_getcpu();

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint affinity(nint number, int pid, nuint length, byte* mask);
}
