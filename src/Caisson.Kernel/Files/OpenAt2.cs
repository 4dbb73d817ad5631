using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Caisson.Kernel.Files;

/// <summary>struct open_how of linux/openat2.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct open_how
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}

/// <summary>openat2(2): every descriptor comes close-on-exec and never becomes the controlling terminal.</summary>
public static unsafe partial class OpenAt2
{
    public static Fd Open(Fd directory, string path, OpenFlags flags, ResolveFlags resolve = ResolveFlags.None, uint mode = 0)
    {
        Errno errno = TryOpen(directory, path, flags, resolve, mode, out Fd? fd);
        return errno == Errno.None ? fd! : throw new KernelException(errno, "open", path);
    }

    public static Fd Open(string path, OpenFlags flags, uint mode = 0) =>
        Open(Fd.CurrentDirectory, path, flags, ResolveFlags.None, mode);

    /// <summary>For callers to whom a missing or unfit file is an ordinary answer.</summary>
    public static Errno TryOpen(
        Fd directory, string path, OpenFlags flags, ResolveFlags resolve, uint mode, out Fd? fd)
    {
        open_how how = How(flags, resolve, mode);
        while (true)
        {
            nint result = openat2(SyscallNumbers.openat2, directory, path, &how, (nuint)sizeof(open_how));
            if (result >= 0)
            {
                fd = new Fd((int)result);
                return Errno.None;
            }

            Errno errno = (Errno)Marshal.GetLastPInvokeError();
            // EAGAIN: a rename raced with a RESOLVE_IN_ROOT or RESOLVE_BENEATH walk; the kernel asks to repeat it.
            if (errno is Errno.EINTR or Errno.EAGAIN)
            {
                continue;
            }

            fd = null;
            return errno;
        }
    }

    /// <summary>What the kernel is told for such an opening.</summary>
    public static open_how How(OpenFlags flags, ResolveFlags resolve, uint mode) => new()
    {
        flags = Native(flags | OpenFlags.O_CLOEXEC | (flags.HasFlag(OpenFlags.O_PATH) ? 0 : OpenFlags.O_NOCTTY)),
        // The kernel refuses a mode without O_CREAT.
        mode = flags.HasFlag(OpenFlags.O_CREAT) ? mode : 0,
        resolve = (ulong)resolve,
    };

    // arm64 swaps these pairs (arch/arm64/include/uapi/asm/fcntl.h).
    static ulong Native(OpenFlags flags)
    {
        if (X86Base.IsSupported)
        {
            return (ulong)flags;
        }

        ulong native = (ulong)(flags & ~(OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW));
        native |= flags.HasFlag(OpenFlags.O_DIRECTORY) ? 0x4000UL : 0;
        native |= flags.HasFlag(OpenFlags.O_NOFOLLOW) ? 0x8000UL : 0;
        return native;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint openat2(nint number, Fd directory, string path, open_how* how, nuint size);
}
