using System.Runtime.InteropServices;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Processes;

/// <summary>eventfd(2): a counter that the kernel raises; cgroup v1 tells of memory shortage through one.</summary>
public static partial class EventFd
{
    const int EFD_CLOEXEC = 0x80000;

    public static Fd Open()
    {
        int result = eventfd(0, EFD_CLOEXEC);
        return result >= 0 ? new Fd(result) : throw KernelException.Last("eventfd");
    }

    /// <summary>Blocks until the counter is above zero; returns it and sets it back.</summary>
    public static ulong Read(Fd counter)
    {
        Span<byte> value = stackalloc byte[sizeof(ulong)];
        FileText.ReadSome(counter, value, "eventfd");
        return MemoryMarshal.Read<ulong>(value);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);
}
