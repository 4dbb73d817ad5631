using System.Runtime.InteropServices;

namespace Caisson.Kernel.Mounts;

/// <summary>struct mount_attr of linux/mount.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct mount_attr
{
    public ulong attr_set;
    public ulong attr_clr;
    public ulong propagation;
    public ulong userns_fd;
}

/// <summary>Detached mounts by descriptor: open_tree(2), mount_setattr(2), move_mount(2).</summary>
public static unsafe partial class MountTree
{
    const uint OPEN_TREE_CLONE = 1;
    const uint OPEN_TREE_CLOEXEC = 0x80000;

    /// <summary>Of open_tree(2), for a detached copy of one mount.</summary>
    public const uint CloneFlags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;

    const uint AT_EMPTY_PATH = 0x1000;
    const uint AT_RECURSIVE = 0x8000;
    const uint MOVE_MOUNT_F_EMPTY_PATH = 0x4;
    const uint MOVE_MOUNT_T_EMPTY_PATH = 0x40;

    /// <summary>A detached copy of the mount that a descriptor lies in, rooted at it; with all below it if asked.</summary>
    public static Fd Clone(Fd source, bool recursive, string name)
    {
        uint flags = CloneFlags | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
        nint result = open_tree(SyscallNumbers.open_tree, source, "", flags);
        return result >= 0 ? new Fd((int)result) : throw KernelException.Last("open_tree", name);
    }

    /// <summary>
    /// Sets and clears attributes, sets a propagation (MS_PRIVATE …, 0 for none), and with MOUNT_ATTR_IDMAP maps ids through a
    /// user namespace.
    /// </summary>
    public static Errno TrySetAttributes(
        Fd mount, MountAttributes set, MountAttributes clear, MountFlags propagation, Fd? userNamespace, bool recursive)
    {
        mount_attr attributes = new()
        {
            attr_set = (ulong)set,
            attr_clr = (ulong)clear,
            propagation = (ulong)propagation,
            userns_fd = (ulong)(userNamespace?.Number ?? 0),
        };
        uint flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0);
        nint result = mount_setattr(SyscallNumbers.mount_setattr, mount, "", flags, &attributes, (nuint)sizeof(mount_attr));
        Errno errno = result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        GC.KeepAlive(userNamespace);
        return errno;
    }

    /// <summary>A detached copy of what a name in a directory shows, alone; the name's own mount, if it has one.</summary>
    public static Errno TryCloneFile(Fd directory, string name, out Fd? copy)
    {
        nint result = open_tree(SyscallNumbers.open_tree, directory, name, CloneFlags);
        copy = result >= 0 ? new Fd((int)result) : null;
        return result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>Attaches a detached mount at what <paramref name="target"/> is open on; no path is walked.</summary>
    public static void Attach(Fd mount, Fd target, string name)
    {
        Errno errno = TryAttach(mount, target);
        if (errno != Errno.None)
        {
            throw new KernelException(errno, "move_mount", name);
        }
    }

    public static Errno TryAttach(Fd mount, Fd target) =>
        move_mount(SyscallNumbers.move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == 0
            ? Errno.None
            : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>
    /// As <see cref="Attach"/>, naming the mount by path instead of by descriptor: so the monitor of a container that we are in is
    /// not asked, which would put its files over a procfs or sysfs that is meant to stay whole.
    /// </summary>
    public static void AttachUnseen(Fd mount, Fd target, string name)
    {
        if (move_mount(SyscallNumbers.move_mount, mount, ".", target, "", MOVE_MOUNT_T_EMPTY_PATH) != 0)
        {
            throw KernelException.Last("move_mount", name);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint open_tree(nint number, Fd directory, string path, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint mount_setattr(nint number, Fd directory, string path, uint flags, mount_attr* attr, nuint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint move_mount(nint number, Fd fromDirectory, string from, Fd toDirectory, string to, uint flags);
}
