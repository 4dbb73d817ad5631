using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    /// <summary>
    /// mount(2) of a new procfs or sysfs. It is made while this thread stands in the caller's mount namespace, so that the kernel
    /// applies the rule by which a namespace with a partly covered procfs gets no new one (mount_too_revealing). Whatever does
    /// not work here is left to the kernel, whose errno the caller then gets.
    /// </summary>
    public Answer Mount(Tracee tracee)
    {
        int kind = tracee.IndexOfString(2, "proc"u8, "sysfs"u8);
        if (kind < 0 || tracee.ReadString(1) is not { } path || CallerPlace.TryOpen(tracee) is not { } place)
        {
            return Answer.Continue;
        }

        bool isProc = kind == 0;
        string? data = tracee.Argument(4) == 0 ? "" : tracee.ReadString(4);
        MountFlags flags = (MountFlags)(uint)tracee.Argument(3);
        using (place)
        using (Fd? owned = place.OpenOwned(isProc ? "pid" : "net"))
        using (Decoration.Copies copies = CopyFor(isProc))
        {
            if (owned is null || data is null)
            {
                return Answer.Continue;
            }

            place.Enter();
            try
            {
                using Fd? target = place.TryOpen(path);
                if (target is null || !Stat.CachedOf(target).IsDirectory)
                {
                    return Answer.Continue;
                }

                if (memory.PendingMount != 0 && Stat.CachedOf(target).stx_mnt_id == memory.PendingMount)
                {
                    return Answer.Success;
                }

                using Fd mount = isProc ? CreateProc(place, owned, data, flags) : CreateSysfs(owned, flags);
                return tracee.IsStillThere ? Attach(mount, target, copies, flags.HasFlag(MountFlags.MS_RDONLY)) : Answer.Continue;
            }
            catch (KernelException)
            {
                return Answer.Continue;
            }
            finally
            {
                _decoration.Leave();
            }
        }
    }

    /// <summary>
    /// move_mount(2) of what fsmount(2) made: the emulated files are put over it while it is attached nowhere, and the kernel
    /// makes the call. Before Linux 6.15 it has to be attached first, so the call is made here.
    /// </summary>
    public Answer MoveMount(Tracee tracee)
    {
        using Fd? moved = tracee.Open($"fd/{(int)tracee.Argument(0)}", OpenFlags.O_PATH);
        if (moved is null || KindOf(moved) is not { } isProc || Decoration.IsDecorated(moved, isProc)
            || CallerPlace.TryOpen(tracee) is not { } place)
        {
            return Answer.Continue;
        }

        using (place)
        using (Decoration.Copies copies = CopyFor(isProc))
        {
            place.Enter();
            try
            {
                Errno errno = Decoration.TryApply(moved, copies, isReadOnly: false);
                if (errno != Errno.EINVAL || !tracee.IsStillThere)
                {
                    return Answer.Continue;
                }

                // FALLBACK: before Linux 6.15 nothing can be mounted on a mount that is attached nowhere.
                using Fd? target = TargetOfMove(tracee, place);
                return target is null || MountTree.TryAttach(moved, target) != Errno.None ? Answer.Continue : Apply(moved, copies);
            }
            finally
            {
                _decoration.Leave();
            }
        }
    }

    Decoration.Copies CopyFor(bool isProc)
    {
        _decoration.Leave();
        return _decoration.Copy(isProc);
    }

    Answer Attach(Fd mount, Fd target, Decoration.Copies copies, bool isReadOnly)
    {
        // Covered before anybody can see it, where the kernel can do that.
        bool covered = Decoration.TryApply(mount, copies, isReadOnly) == Errno.None;
        memory.PendingMount = Stat.CachedOf(mount).stx_mnt_id;
        Errno errno = MountTree.TryAttach(mount, target);
        if (errno != Errno.None)
        {
            return Answer.Failure(errno);
        }

        return covered ? Answer.Success : Apply(mount, copies);
    }

    static Answer Apply(Fd mount, Decoration.Copies copies)
    {
        Decoration.TryApply(mount, copies, isReadOnly: false);
        return Answer.Success;
    }

    Fd CreateProc(CallerPlace place, Fd pidNamespace, string data, MountFlags flags)
    {
        MountAttributes attributes = AttributesOf(flags);
        return (memory.IsOldKernel != 0 ? null : ProcMount.TryCreate(pidNamespace, MountData.Parse(data), attributes))
            ?? makeProc(pidNamespace, place.Mounts, data, attributes)
            ?? throw new KernelException(Errno.EOPNOTSUPP, "fsconfig", "pidns");
    }

    Fd CreateSysfs(Fd network, MountFlags flags)
    {
        Namespace.Join(network, NamespaceKind.CLONE_NEWNET, "the caller's network namespace");
        try
        {
            using FsContext context = FsContext.Open("sysfs");
            return context.CreateMount(AttributesOf(flags));
        }
        finally
        {
            Namespace.Join(ownNetwork, NamespaceKind.CLONE_NEWNET, "our network namespace");
        }
    }

    static MountAttributes AttributesOf(MountFlags flags)
    {
        // The first four bits are the same in both.
        MountAttributes attributes = (MountAttributes)((ulong)flags & 0xf);
        attributes |= flags.HasFlag(MountFlags.MS_NOATIME) ? MountAttributes.MOUNT_ATTR_NOATIME : 0;
        attributes |= flags.HasFlag(MountFlags.MS_STRICTATIME) ? MountAttributes.MOUNT_ATTR_STRICTATIME : 0;
        return attributes | (flags.HasFlag(MountFlags.MS_NODIRATIME) ? MountAttributes.MOUNT_ATTR_NODIRATIME : 0);
    }

    // Null for any other file system.
    static bool? KindOf(Fd file) => FileSystems.MagicOf(file) switch
    {
        FileSystems.PROC_SUPER_MAGIC => true,
        FileSystems.SYSFS_MAGIC => false,
        _ => null,
    };

    static Fd? TargetOfMove(Tracee tracee, CallerPlace place)
    {
        const ulong MOVE_MOUNT_T_EMPTY_PATH = 0x40;
        int directory = (int)tracee.Argument(2);
        string? path = tracee.ReadString(3);
        if (path is null || (path.Length == 0 && (tracee.Argument(4) & MOVE_MOUNT_T_EMPTY_PATH) == 0))
        {
            return null;
        }

        if (path.StartsWith('/') || directory == Fd.CurrentDirectory.Number)
        {
            return place.TryOpen(path);
        }

        Fd? start = tracee.Open($"fd/{directory}", OpenFlags.O_PATH);
        if (start is null || path.Length == 0)
        {
            return start;
        }

        using (start)
        {
            return OpenAt2.TryOpen(start, path, OpenFlags.O_PATH, ResolveFlags.RESOLVE_NO_MAGICLINKS, 0, out Fd? target) == Errno.None ? target : null;
        }
    }
}
