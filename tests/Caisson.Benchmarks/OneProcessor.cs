using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Caisson.Benchmarks;

/// <summary>
/// While it lives, this thread and all that it starts, programs and threads, run on one processor. Two processes that talk in turn
/// take as long there whatever else the machine does; with more processors it depends on whether the other one is asleep, and how
/// deeply.
/// </summary>
sealed unsafe partial class OneProcessor : IDisposable
{
    // For 8192 processors, the most that Linux is built for.
    const int Words = 128;

    readonly ulong[] _former = new ulong[Words];

    /// <summary>Which one, while there is one. Runtimes let processes of containers run everywhere again.</summary>
    public static int? Number { get; private set; }

    public OneProcessor()
    {
        fixed (ulong* former = _former)
        {
            Check(sched_getaffinity(0, Words * sizeof(ulong), former), "sched_getaffinity");
        }

        // The last one: the first has more interrupts.
        int word = Array.FindLastIndex(_former, it => it != 0);
        ulong[] one = new ulong[Words];
        int bit = BitOperations.Log2(_former[word]);
        one[word] = 1UL << bit;
        Set(one);
        Number = (word * 64) + bit;
    }

    public void Dispose()
    {
        Set(_former);
        Number = null;
    }

    static void Set(ulong[] processors)
    {
        fixed (ulong* mask = processors)
        {
            Check(sched_setaffinity(0, Words * sizeof(ulong), mask), "sched_setaffinity");
        }
    }

    static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), call);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_getaffinity(int thread, nint size, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int thread, nint size, ulong* mask);
}
