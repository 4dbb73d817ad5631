using System.Runtime.InteropServices;

namespace Caisson.Kernel.Seccomp;

/// <summary>
/// The descriptor that seccomp(2) returns for SECCOMP_FILTER_FLAG_NEW_LISTENER: calls that the filter hands over are received
/// and answered here (seccomp_unotify(2)). Errors are answers: a caller may be gone at any moment.
/// </summary>
public static unsafe partial class SeccompListener
{
    const uint SECCOMP_IOCTL_NOTIF_RECV = 0xC0502100;
    const uint SECCOMP_IOCTL_NOTIF_SEND = 0xC0182101;
    const uint SECCOMP_IOCTL_NOTIF_ID_VALID = 0x40082102;
    const uint SECCOMP_IOCTL_NOTIF_SET_FLAGS = 0x40082104;
    const uint SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
    const ulong SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1;

    /// <summary>Receives into memory of the caller's choice, which must be zero; blocks, so poll first.</summary>
    public static Errno TryReceive(int listener, ref seccomp_notif into)
    {
        fixed (seccomp_notif* start = &into)
        {
            return Answer(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, start));
        }
    }

    /// <summary>The call returns this value, or fails with this errno without having been made.</summary>
    public static Errno TryAnswer(int listener, ulong id, long value, Errno error)
    {
        seccomp_notif_resp response = new() { id = id, val = error == Errno.None ? value : 0, error = -(int)error };
        return Answer(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response));
    }

    /// <summary>
    /// The kernel makes the call, reading its arguments again: nothing that was found out about them may be relied on.
    /// </summary>
    public static Errno TryContinue(int listener, ulong id)
    {
        seccomp_notif_resp response = new() { id = id, flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
        return Answer(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response));
    }

    /// <summary>The caller still waits: what was opened by its pid before this was its own.</summary>
    public static bool IsValid(int listener, ulong id) => ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;

    /// <summary>Hands the processor from caller to us and back at once, since Linux 6.6; older kernels go on without.</summary>
    public static void TryWakeSynchronously(int listener) =>
        _ = ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, (void*)SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);

    static Errno Answer(int result) => result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);
}
