using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>Root and working directory of the calling thread, once unshare(CLONE_FS) has made them its own.</summary>
public static partial class WorkingDirectory
{
    public static void Change(Fd directory, string name)
    {
        if (fchdir(directory) != 0)
        {
            throw KernelException.Last("fchdir", name);
        }
    }

    /// <summary>Makes the working directory the root (chroot(2)).</summary>
    public static void MakeRoot()
    {
        if (chroot(".") != 0)
        {
            throw KernelException.Last("chroot", ".");
        }
    }

    /// <summary>Sets the creation mask and returns the former one.</summary>
    public static uint SetMask(uint mask) => umask(mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchdir(Fd directory);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chroot(string path);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}
