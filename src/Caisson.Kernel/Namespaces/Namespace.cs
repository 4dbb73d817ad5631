using System.Runtime.ExceptionServices;
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
    const uint NS_GET_PARENT = 0xb702;

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

    /// <summary>
    /// Whether the calling thread could come back to its own namespace after it has joined another one: not where it belongs to a
    /// user namespace above ours, as the host's do for root of an ordinary user's namespace.
    /// </summary>
    /// <param name="kind">One kind.</param>
    /// <param name="name">What it is called below /proc/PID/ns.</param>
    public static bool CanReturn(NamespaceKind kind, string name)
    {
        if (OwnUserNamespace.IsInitial)
        {
            return true;
        }

        // Joining a mount namespace would move us to its root, so its owner is looked at: the kernel shows none that is above.
        using Fd own = OpenOwn(name);
        if (kind != NamespaceKind.CLONE_NEWNS)
        {
            return setns(own, (int)kind) == 0;
        }

        int owner = ioctl(own, NS_GET_USERNS, 0);
        if (owner >= 0)
        {
            new Fd(owner).Dispose();
        }

        return owner >= 0;
    }

    /// <summary>
    /// Stands in a namespace while something is made. Where there is no way back, on a thread that is gone afterwards: the
    /// command has one thread again when it clones (docs/decisions/0002-the-child-window.md).
    /// </summary>
    /// <param name="target">To join.</param>
    /// <param name="kind">One kind; no mount or user namespace.</param>
    /// <param name="ownName">What ours is called below /proc/PID/ns.</param>
    /// <param name="name">For errors.</param>
    /// <param name="make">Done there.</param>
    public static T Within<T>(Fd target, NamespaceKind kind, string ownName, string name, Func<T> make)
    {
        if (!CanReturn(kind, ownName))
        {
            return OnOwnThread(() =>
            {
                Join(target, kind, name);
                return make();
            });
        }

        using Fd own = OpenOwn(ownName);
        Join(target, kind, name);
        try
        {
            return make();
        }
        finally
        {
            Join(own, kind, $"our own {ownName} namespace");
        }
    }

    /// <summary>Runs on a thread that is gone afterwards, with whatever it has joined.</summary>
    public static T OnOwnThread<T>(Func<T> make)
    {
        T? made = default;
        // Carried over to the caller, not handled.
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                // A join of the calling thread afterwards takes a root directory of its own, which the end of this thread gives back late.
                Unshare(NamespaceKind.CLONE_FS);
                made = make();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return made!;
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

    /// <summary>Whether a namespace belongs to a user namespace or to one below it, so that root of it may do all in there.</summary>
    public static bool IsOwnedBy(Fd target, Fd userNamespace, string name)
    {
        statx wanted = Stat.CachedOf(userNamespace);
        Fd at = Owner(target, name);
        // As deep as the kernel lets user namespaces be (user_namespaces(7)).
        for (int depth = 0; depth < 33; depth++)
        {
            using Fd child = at;
            if (Stat.CachedOf(child).IsSameInode(wanted))
            {
                return true;
            }

            int parent = ioctl(child, NS_GET_PARENT, 0);
            if (parent < 0)
            {
                return false;
            }

            at = new Fd(parent);
        }

        at.Dispose();
        return false;
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
