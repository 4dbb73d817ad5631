using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>A process by descriptor, which no later process can take over: pidfd_open(2), pidfd_send_signal(2).</summary>
public static unsafe partial class PidFd
{
    public static Errno TryOpen(int pid, out Fd? process)
    {
        nint result = pidfd_open(SyscallNumbers.pidfd_open, pid, 0);
        process = result >= 0 ? new Fd((int)result) : null;
        return result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    public static Errno TrySignal(Fd process, int signal) =>
        pidfd_send_signal(SyscallNumbers.pidfd_send_signal, process, signal, null, 0) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>A duplicate of another process's descriptor (pidfd_getfd(2)).</summary>
    public static Errno TryGetDescriptor(Fd process, int number, out Fd? descriptor)
    {
        nint result = pidfd_getfd(SyscallNumbers.pidfd_getfd, process, number, 0);
        descriptor = result >= 0 ? new Fd((int)result) : null;
        return result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>Waits until the process has ended (it may still be a zombie). False after the time, in milliseconds; -1 waits for ever.</summary>
    public static bool WaitForExit(Fd process, int milliseconds)
    {
        Span<pollfd> one = [new() { fd = process.Number, events = Poll.POLLIN }];
        int ready = Poll.Wait(one, milliseconds);
        GC.KeepAlive(process);
        return ready > 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint pidfd_open(nint number, int pid, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint pidfd_getfd(nint number, Fd process, int descriptor, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint pidfd_send_signal(nint number, Fd process, int signal, void* info, uint flags);
}
