using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>The calling thread's own capabilities; raw calls, as glibc's capset wrapper would signal threads.</summary>
static unsafe partial class ThreadCapabilities
{
    const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary>Makes all permitted capabilities effective again, which a change of the effective or file system uid has dropped.</summary>
    public static void Raise()
    {
        cap_header header = new() { version = _LINUX_CAPABILITY_VERSION_3 };
        cap_data* data = stackalloc cap_data[2];
        if (syscall(SyscallNumbers.capget, (nint)(&header), (nint)data) != 0)
        {
            throw KernelException.Last("capget");
        }

        data[0].effective = data[0].permitted;
        data[1].effective = data[1].permitted;
        if (syscall(SyscallNumbers.capset, (nint)(&header), (nint)data) != 0)
        {
            throw KernelException.Last("capset");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint header, nint data);
}
