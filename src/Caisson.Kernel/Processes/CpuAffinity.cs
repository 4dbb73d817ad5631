using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>
/// Keeps the calling thread, and what it clones meanwhile, on the CPU that it runs on. Two processes that talk in turn are faster
/// there: waking another CPU takes longer than a change of process. Where it is not allowed, nothing happens.
/// </summary>
public readonly partial struct CpuAffinity : IDisposable
{
    readonly byte[]? _former;

    CpuAffinity(byte[] former) => _former = former;

    public static CpuAffinity Pin() =>
        Scheduling.TryGetAffinity(0, out byte[] former) == Errno.None && Scheduling.TrySetAffinity(0, [sched_getcpu()]) == Errno.None
            ? new CpuAffinity(former)
            : default;

    public void Dispose()
    {
        if (_former is not null)
        {
            _ = Scheduling.TrySetAffinity(0, _former);
        }
    }

    [LibraryImport("libc")]
    private static partial int sched_getcpu();
}
