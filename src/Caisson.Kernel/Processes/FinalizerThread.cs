using System.Runtime.CompilerServices;

namespace Caisson.Kernel.Processes;

/// <summary>The runtime's second thread. It starts before Main, and only a finalizer runs on it.</summary>
static class FinalizerThread
{
    static volatile bool s_done;

    /// <summary>Blocks signals there, too.</summary>
    public static void Block(ulong mask)
    {
        // Once is enough; again, should something have kept the object alive.
        for (int i = 0; i < 3 && !s_done; i++)
        {
            Drop(mask);
            GC.Collect(0);
            GC.WaitForPendingFinalizers();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Drop(ulong mask) => _ = new Blocking(mask);

    sealed class Blocking(ulong mask)
    {
        ~Blocking()
        {
            Signals.BlockInThisThread(mask);
            s_done = true;
        }
    }
}
