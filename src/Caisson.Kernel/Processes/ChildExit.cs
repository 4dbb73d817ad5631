using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>wait4(2) for children of ours.</summary>
public static unsafe partial class ChildExit
{
    const int WNOHANG = 1;
    const int WUNTRACED = 2;
    const int Stopped = 0x7f;

    /// <summary>Waits for one child to end: its exit code, or 128 + the signal that killed it, as shells count.</summary>
    public static int Wait(int pid)
    {
        int status;
        while (wait4(pid, &status, 0, null) < 0)
        {
            if (Marshal.GetLastPInvokeError() != (int)Errno.EINTR)
            {
                throw KernelException.Last("wait4", pid.ToString());
            }
        }

        return Code(status);
    }

    /// <summary>Reaps one child that has ended, whichever; false when none has.</summary>
    public static bool TryReapAny(out int pid, out int code)
    {
        int status;
        pid = wait4(-1, &status, WNOHANG, null);
        code = pid > 0 ? Code(status) : 0;
        return pid > 0;
    }

    /// <summary>Reaps this child if it has ended; else tells whether it was stopped since the last look.</summary>
    public static bool TryWait(int pid, out int code, out bool isStopped)
    {
        int status;
        int found = wait4(pid, &status, WNOHANG | WUNTRACED, null);
        isStopped = found == pid && (status & 0xff) == Stopped;
        code = found == pid ? Code(status) : 0;
        return found == pid && !isStopped;
    }

    static int Code(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int wait4(int pid, int* status, int options, void* usage);
}
