using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// The calling thread's way back: its mount namespace, root and working directory by descriptor. The root is kept apart, as
/// joining a mount namespace leads to that namespace's root, and an engine may run in a chroot.
/// </summary>
sealed class HostView : IDisposable
{
    readonly Fd _mounts = OpenReturnable();
    readonly Fd _root = OpenAt2.Open("/", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
    readonly Fd _workingDirectory = OpenAt2.Open(".", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);

    /// <summary>
    /// Leaves for a private copy, M1, in which nothing that happens reaches the host, and stands at that namespace's own root:
    /// pivot_root moves only processes that do.
    /// </summary>
    public static Fd Leave()
    {
        Namespace.Unshare(NamespaceKind.CLONE_NEWNS | NamespaceKind.CLONE_FS);
        Fd copy = Namespace.OpenOwn("mnt");
        Namespace.Join(copy, NamespaceKind.CLONE_NEWNS, "our copy of the mount namespace");
        Mount.SetPropagation("/", MountFlags.MS_SLAVE | MountFlags.MS_REC);
        return copy;
    }

    // In a mount namespace of somebody above there is no way back: a copy of it takes its place.
    static Fd OpenReturnable()
    {
        if (!Namespace.CanReturn(NamespaceKind.CLONE_NEWNS, "mnt"))
        {
            Namespace.Unshare(NamespaceKind.CLONE_NEWNS | NamespaceKind.CLONE_FS);
        }

        return Namespace.OpenOwn("mnt");
    }

    public void Return()
    {
        Namespace.Join(_mounts, NamespaceKind.CLONE_NEWNS, "the host's mount namespace");
        WorkingDirectory.Change(_root, "the host's root");
        WorkingDirectory.MakeRoot();
        WorkingDirectory.Change(_workingDirectory, "the working directory");
    }

    public void Dispose()
    {
        _mounts.Dispose();
        _root.Dispose();
        _workingDirectory.Dispose();
    }
}
