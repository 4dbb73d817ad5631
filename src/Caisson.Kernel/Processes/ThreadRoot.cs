using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;

namespace Caisson.Kernel.Processes;

/// <summary>
/// The root directory of a thread that works in others' mount namespaces: it stays the one that the process has, whatever the
/// thread joins. Another root is entered for one system call only.
/// <para>
/// The garbage collector opens /proc/meminfo by its name, on the thread whose allocation began the collection and while all
/// other threads stand still. At a container's root that is a file which one of those threads serves: nobody would ever answer.
/// So nothing may be allocated at another root. A collection that another thread begins meanwhile only makes this one wait:
/// that thread's root is its own.
/// </para>
/// </summary>
public sealed unsafe partial class ThreadRoot
{
    readonly Fd _own;

    ThreadRoot(Fd own) => _own = own;

    /// <summary>With the calling thread's root.</summary>
    public static ThreadRoot Open() => new(OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY));

    /// <summary>
    /// For the thread that calls the rest: from now on it shares root and working directory with no other. It must start no
    /// thread, which would share them with it.
    /// </summary>
    public void Keep()
    {
        Namespace.Unshare(NamespaceKind.CLONE_FS);
        LeaveDirectory();
    }

    /// <summary>Moves the thread into a mount namespace, but not to its root; the working directory becomes the thread's root.</summary>
    public void Join(Fd mounts, string name) => Join(mounts, name, opensRoot: false)?.Dispose();

    /// <summary>Likewise; returns the namespace's root.</summary>
    public Fd JoinAndOpenRoot(Fd mounts, string name) => Join(mounts, name, opensRoot: true)!;

    /// <summary>The working directory becomes the thread's root again.</summary>
    public void LeaveDirectory() => WorkingDirectory.Change(_own, "our root");

    /// <summary>openat2(2), as for a process with this root and this working directory.</summary>
    /// <param name="root">May lie in another mount namespace.</param>
    /// <param name="directory">Likewise.</param>
    /// <param name="path">With its NUL.</param>
    public Errno TryOpen(Fd root, Fd directory, ReadOnlySpan<byte> path, OpenFlags flags, ResolveFlags resolve, out Fd? fd)
    {
        RequireEnd(path);
        open_how how = OpenAt2.How(flags, resolve, 0);
        nint result;
        Errno errno;
        fixed (byte* here = "."u8, name = path)
        {
            // SAFETY: the path is pinned and ends with a NUL; KeepAlive below keeps the descriptors open.
            errno = Open(new Place(root.Number, directory.Number, _own.Number, here), name, &how, out result, out bool isBack);
            RequireBack(isBack);
        }

        GC.KeepAlive(root);
        GC.KeepAlive(directory);
        fd = errno == Errno.None ? new Fd((int)result) : null;
        return errno;
    }

    /// <summary>umount2(2), as for a process of the joined mount namespace with this root and this working directory.</summary>
    /// <param name="path">With its NUL.</param>
    public Errno TryUnmount(Fd root, Fd directory, ReadOnlySpan<byte> path, uint flags)
    {
        RequireEnd(path);
        Errno errno;
        fixed (byte* here = "."u8, name = path)
        {
            // SAFETY: as above.
            errno = Unmount(new Place(root.Number, directory.Number, _own.Number, here), name, (int)flags, out bool isBack);
            RequireBack(isBack);
        }

        GC.KeepAlive(root);
        GC.KeepAlive(directory);
        return errno;
    }

    Fd? Join(Fd mounts, string name, bool opensRoot)
    {
        open_how how = OpenAt2.How(OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0);
        nint root;
        Errno errno;
        fixed (byte* here = "."u8)
        {
            // SAFETY: as above.
            errno = Join(mounts.Number, _own.Number, here, opensRoot ? &how : null, out root, out bool isBack);
            RequireBack(isBack);
        }

        GC.KeepAlive(mounts);
        return errno != Errno.None ? throw new KernelException(errno, $"setns {NamespaceKind.CLONE_NEWNS}", name) : opensRoot ? new Fd((int)root) : null;
    }

    static void RequireEnd(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[^1] != 0)
        {
            throw new ArgumentException("a path for the kernel ends with a NUL", nameof(path));
        }
    }

    // A thread that stays at a container's root would take its files for the host's.
    static void RequireBack(bool isBack)
    {
        if (!isBack)
        {
            Environment.FailFast("the thread cannot come back to its own root directory");
        }
    }
}
