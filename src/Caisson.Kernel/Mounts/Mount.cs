using System.Runtime.InteropServices;

namespace Caisson.Kernel.Mounts;

/// <summary>mount(2), umount2(2) and pivot_root(2): what the new mount API does not replace.</summary>
public static partial class Mount
{
    const int MNT_DETACH = 2;

    /// <summary>Changes the propagation of an existing mount, or of the whole tree below it with MS_REC.</summary>
    public static void SetPropagation(string target, MountFlags propagation) =>
        Check(mount(null, target, null, (ulong)propagation, null), $"mount {propagation}", target);

    /// <summary>
    /// A new mount by the old call, which alone takes more than 256 bytes of options: overlay with its layers.
    /// </summary>
    public static Errno TryNew(string source, string target, string type, MountFlags flags, string options) =>
        mount(source, target, type, (ulong)flags, options) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Shows at one path what is at another, without what is mounted below.</summary>
    public static Errno TryBind(string source, string target) =>
        mount(source, target, null, (ulong)MountFlags.MS_BIND, null) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>umount2(2); the errno is the answer.</summary>
    public static Errno TryUnmount(string target, uint flags) => umount2(target, (int)flags) == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Takes a mount and all below it out of the tree at once (MNT_DETACH).</summary>
    public static void Detach(string target) => Check(umount2(target, MNT_DETACH), "umount2", target);

    /// <summary>Makes the working directory's mount the root and stacks the old root on top of it, for <see cref="Detach"/>.</summary>
    public static void PivotToWorkingDirectory() => Check((int)pivot_root(SyscallNumbers.pivot_root, ".", "."), "pivot_root", ".");

    static void Check(int result, string call, string subject)
    {
        if (result != 0)
        {
            throw KernelException.Last(call, subject);
        }
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string? source, string target, string? type, ulong flags, string? data);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint pivot_root(nint number, string newRoot, string putOld);
}
