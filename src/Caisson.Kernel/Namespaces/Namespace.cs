using System.Runtime.InteropServices;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Namespaces;

/// <summary>
/// Namespaces of the calling thread: setns(2), unshare(2). They act on one thread only, so nothing here may run in a
/// method that could move to another thread.
/// </summary>
public static partial class Namespace
{
    const uint NS_GET_USERNS = 0xb701;

    public static Fd Open(int pid, string name) => OpenAt2.Open($"/proc/{pid}/ns/{name}", OpenFlags.O_RDONLY);

    /// <summary>One of the calling thread's own. After <c>setns</c> of one thread, /proc/self would tell the other's.</summary>
    public static Fd OpenOwn(string name) => OpenAt2.Open($"/proc/thread-self/ns/{name}", OpenFlags.O_RDONLY);

    /// <summary>Moves the calling thread; joining a mount namespace also moves root and working directory to its root.</summary>
    public static void Join(Fd target, NamespaceKind kind, string name)
    {
        if (setns(target, (int)kind) != 0)
        {
            throw KernelException.Last($"setns {kind}", name);
        }
    }

    public static void Unshare(NamespaceKind kinds)
    {
        if (unshare((int)kinds) != 0)
        {
            throw KernelException.Last("unshare", kinds.ToString());
        }
    }

    /// <summary>
    /// A time namespace for children of this process, which stays where it is. It cannot go back (setns(2) wants one thread):
    /// children that belong elsewhere join that first.
    /// </summary>
    /// <param name="offsets">"clock seconds nanoseconds" lines (time_namespaces(7)).</param>
    public static void UnshareTimeForChildren(string offsets)
    {
        Unshare(NamespaceKind.CLONE_NEWTIME);
        FileText.Write("/proc/self/timens_offsets", offsets);
    }

    /// <summary>The user namespace that owns a namespace (ioctl_ns(2)).</summary>
    public static Fd Owner(Fd target, string name)
    {
        int result = ioctl(target, NS_GET_USERNS, 0);
        return result >= 0 ? new Fd(result) : throw KernelException.Last("ioctl NS_GET_USERNS", name);
    }

    /// <summary>
    /// Whether the user namespace that owns this one lies strictly below the caller's. False for what is ours or above (the
    /// kernel shows no owner outside of the caller's reach).
    /// </summary>
    public static bool IsOwnedBelow(Fd target)
    {
        int result = ioctl(target, NS_GET_USERNS, 0);
        if (result < 0)
        {
            return false;
        }

        using Fd owner = new(result);
        using Fd own = OpenOwn("user");
        return !Stat.Of(owner).IsSameInode(Stat.Of(own));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(Fd fd, int kind);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(Fd fd, nuint request, nint argument);
}
