using System.Runtime.InteropServices;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;

namespace Caisson.Kernel.Processes;

/// <summary>
/// What runs while the thread's root may be another one: system calls and comparisons. No allocation, no exception, no safe
/// handle, no marshalling, nothing that could be initialised late. Unlike in a child's window the calls are made with the
/// runtime knowing it, since a path may lead to a file system that takes its time: a collection does not wait for them.
/// </summary>
public sealed unsafe partial class ThreadRoot
{
    const int AT_FDCWD = -100;

    // Opens the namespace's root if it is told how.
    static Errno Join(int mounts, int own, byte* here, open_how* how, out nint root, out bool isBack)
    {
        Errno errno = setns(mounts, (int)NamespaceKind.CLONE_NEWNS) == 0 ? Errno.None : LastErrno();
        root = -1;
        if (errno == Errno.None && how is not null)
        {
            // Joining has moved root and working directory there.
            root = openat2(SyscallNumbers.openat2, AT_FDCWD, here, how, (nuint)sizeof(open_how));
            errno = root >= 0 ? Errno.None : LastErrno();
        }

        isBack = fchdir(own) == 0 && chroot(here) == 0;
        return errno;
    }

    static Errno Open(in Place place, byte* path, open_how* how, out nint result, out bool isBack)
    {
        Errno errno = place.Enter();
        result = -1;
        if (errno == Errno.None)
        {
            do
            {
                result = openat2(SyscallNumbers.openat2, AT_FDCWD, path, how, (nuint)sizeof(open_how));
                errno = result >= 0 ? Errno.None : LastErrno();
            }
            while (errno == Errno.EINTR);
        }

        isBack = place.Leave();
        return errno;
    }

    static Errno Unmount(in Place place, byte* path, int flags, out bool isBack)
    {
        Errno errno = place.Enter();
        if (errno == Errno.None)
        {
            errno = umount2(path, flags) == 0 ? Errno.None : LastErrno();
        }

        isBack = place.Leave();
        return errno;
    }

    static Errno LastErrno() => (Errno)Marshal.GetLastSystemError();

    [LibraryImport("libc")]
    private static partial int setns(int fd, int kind);

    [LibraryImport("libc")]
    private static partial int fchdir(int fd);

    [LibraryImport("libc")]
    private static partial int chroot(byte* path);

    [LibraryImport("libc")]
    private static partial int umount2(byte* target, int flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint openat2(nint number, nint directory, byte* path, open_how* how, nuint size);

    /// <summary>Descriptors of another root and working directory, and of the way back.</summary>
    readonly struct Place(int root, int directory, int own, byte* here)
    {
        public Errno Enter() => fchdir(root) == 0 && chroot(here) == 0 && fchdir(directory) == 0 ? Errno.None : LastErrno();

        public bool Leave() => fchdir(own) == 0 && chroot(here) == 0;
    }
}
