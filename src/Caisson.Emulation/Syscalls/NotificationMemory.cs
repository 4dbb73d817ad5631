using Caisson.Kernel.Memory;
using Caisson.Kernel.Seccomp;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// The one call that is being worked on, in memory that outlives the worker: it is received into here, so that the next worker
/// finds what the last one left and its caller does not wait for ever.
/// </summary>
public sealed class NotificationMemory(SharedMemory memory, int offset)
{
    public const int Size = 256;

    const int BusySinceOffset = 0;
    const int AttemptsOffset = 8;
    const int OldKernelOffset = 12;
    const int PendingOffset = 16;
    const int CallOffset = 64;

    /// <summary>CLOCK_MONOTONIC in nanoseconds; 0 while nothing is worked on.</summary>
    public ref long BusySince => ref memory.At<long>(offset + BusySinceOffset);

    /// <summary>How often work on the call was begun.</summary>
    public ref int Attempts => ref memory.At<int>(offset + AttemptsOffset);

    /// <summary>
    /// The mount (stx_mnt_id) that is about to be attached or unmounted; 0 for none. Where a worker is killed in the middle of
    /// that, the kernel still does it, and the next worker must neither do it twice nor call it a failure.
    /// </summary>
    public ref ulong PendingMount => ref memory.At<ulong>(offset + PendingOffset);

    /// <summary>Not 0, which only a test writes: procfs is made as before Linux 6.17.</summary>
    public ref int IsOldKernel => ref memory.At<int>(offset + OldKernelOffset);

    public ref seccomp_notif Call => ref memory.At<seccomp_notif>(offset + CallOffset);

    /// <summary>Ready to receive: the kernel wants zeroes.</summary>
    public void Clear()
    {
        Attempts = 0;
        PendingMount = 0;
        memory.Slice(offset + CallOffset, Size - CallOffset).Clear();
    }
}
