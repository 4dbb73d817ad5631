using Caisson.Kernel.Devices;
using Caisson.Kernel.Namespaces;

namespace Caisson.Kernel.Mounts;

/// <summary>
/// A FUSE file system nobody serves yet: its device and a detached mount of it. Nothing of it can be seen on the host; its
/// files are reached through <see cref="Tree"/>, such as <c>/proc/self/fd/N/name</c>. When the device's last copy is closed,
/// every call on the files fails with ENOTCONN.
/// </summary>
public sealed class FuseMount : IDisposable
{
    /// <summary>As mountinfo tells it.</summary>
    public const string Type = "fuse.caisson";

    FuseMount(Fd device, Fd tree)
    {
        Device = device;
        Tree = tree;
    }

    public Fd Device { get; }

    public Fd Tree { get; }

    /// <summary>
    /// The kernel asks its first question (FUSE_INIT) at once and waits for the answer only when a file is used, so that one
    /// thread may mount and serve. Its credentials are what later requests' ids are translated to.
    /// </summary>
    public static FuseMount Create(MountAttributes attributes = MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV)
    {
        Fd device = FuseDevice.Open();
        try
        {
            using FsContext context = FsContext.Open("fuse");
            context.SetString("source", "caisson");
            context.SetString("subtype", "caisson");
            context.SetString("fd", device.Number.ToString());
            context.SetString("rootmode", "40000");
            context.SetString("user_id", "0");
            context.SetString("group_id", "0");
            // The kernel checks modes and owners as on any other file system; without allow_other it would let in nobody
            // but root of this user namespace. max_read is left out: a read is as large as its reader asks, up to 128 KiB.
            context.SetFlag("default_permissions");
            context.SetFlag("allow_other");
            return new FuseMount(device, context.CreateMount(attributes));
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends a connection: whoever waits for an answer gets ECONNABORTED (fuse_umount_begin of fs/fuse/inode.c). The calling
    /// thread, whose root must be its own, stays in the mount namespace.
    /// </summary>
    /// <param name="mountNamespace">One whose root is the mount.</param>
    public static void Abort(Fd mountNamespace)
    {
        const uint MNT_FORCE = 1;
        Namespace.Join(mountNamespace, NamespaceKind.CLONE_NEWNS, "the place of the FUSE mount");
        // A root is not unmounted, but it is told to begin with it.
        _ = Mount.TryUnmount("/", MNT_FORCE);
    }

    public void Dispose()
    {
        Tree.Dispose();
        Device.Dispose();
    }
}
