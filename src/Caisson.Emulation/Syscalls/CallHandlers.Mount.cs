using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    // MS_NOUSER, which the kernel has for itself and refuses.
    const uint NoUser = 1u << 31;

    /// <summary>
    /// mount(2) of a new procfs or sysfs. It is made while this thread is in the caller's mount namespace, so that the kernel
    /// applies the rule by which a namespace with a partly covered procfs gets no new one (mount_too_revealing). Whatever does
    /// not work here is left to the kernel, whose errno the caller then gets.
    /// </summary>
    public Answer Mount(Tracee tracee)
    {
        int kind = tracee.IndexOfString(2, "proc"u8, "sysfs"u8);
        if (kind < 0 || ((uint)tracee.Argument(3) & NoUser) != 0 || tracee.ReadPath(1) is not { } path
            || CallerPlace.TryOpen(_thread, tracee, CallerPlace.MayMount) is not { } place)
        {
            return Answer.Continue;
        }

        bool isProc = kind == 0;
        using (place)
        using (Fd? target = place.TryOpen(path))
        {
            if (target is null || !Stat.CachedOf(target).IsDirectory)
            {
                return Answer.Continue;
            }

            using Decoration.Copies copies = _decoration.Copy(isProc);
            try
            {
                place.Enter();
                if (_memory.PendingMount != 0 && Stat.CachedOf(target).stx_mnt_id == _memory.PendingMount)
                {
                    // The last worker was killed after it.
                    return Apply(target, copies, IsReadOnly(tracee));
                }

                using Fd? mount = isProc ? CreateProc(place, tracee) : CreateSysfs(place, tracee);
                return mount is not null && tracee.IsStillThere ? Attach(mount, target, copies, IsReadOnly(tracee)) : Answer.Continue;
            }
            catch (KernelException)
            {
                return Answer.Continue;
            }
            finally
            {
                Leave();
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
        if (moved is null || KindOf(moved) is not { } isProc || (_memory.Attempts == 1 && _decoration.IsDecorated(moved, isProc))
            || CallerPlace.TryOpen(_thread, tracee, CallerPlace.MayMount) is not { } place)
        {
            return Answer.Continue;
        }

        using (place)
        using (Decoration.Copies copies = _decoration.Copy(isProc))
        {
            try
            {
                place.Enter();
                using Fd? target = TargetOfMove(tracee, place);
                if (target is not null && _memory.PendingMount != 0 && Stat.CachedOf(target).stx_mnt_id == _memory.PendingMount)
                {
                    return Apply(target, copies, isReadOnly: false);
                }

                Errno errno = Decoration.TryApply(moved, copies, isReadOnly: false);
                if (errno != Errno.EINVAL || target is null || !tracee.IsStillThere)
                {
                    return Answer.Continue;
                }

                // FALLBACK: before Linux 6.15 nothing can be mounted on a mount that is attached nowhere.
                _memory.PendingMount = Stat.CachedOf(moved).stx_mnt_id;
                return MountTree.TryAttach(moved, target) == Errno.None ? Apply(moved, copies, isReadOnly: false) : Answer.Continue;
            }
            finally
            {
                Leave();
            }
        }
    }

    static bool IsReadOnly(Tracee tracee) => FlagsOf(tracee).HasFlag(MountFlags.MS_RDONLY);

    static MountFlags FlagsOf(Tracee tracee) => (MountFlags)(uint)tracee.Argument(3);

    Answer Attach(Fd mount, Fd target, Decoration.Copies copies, bool isReadOnly)
    {
        // What move_mount(2) allows and mount(2) does not: sysfs twice in one place.
        if (Stat.CachedOf(target) is { IsMountRoot: true } under && under.IsOnSameDevice(Stat.CachedOf(mount)))
        {
            return Answer.Failure(Errno.EBUSY);
        }

        // Covered before anybody can see it, where the kernel can do that.
        bool covered = Decoration.TryApply(mount, copies, isReadOnly) == Errno.None;
        _memory.PendingMount = Stat.CachedOf(mount).stx_mnt_id;
        Errno errno = MountTree.TryAttach(mount, target);
        if (errno != Errno.None)
        {
            return Answer.Failure(errno);
        }

        return covered ? Answer.Success : Apply(mount, copies, isReadOnly);
    }

    static Answer Apply(Fd mount, Decoration.Copies copies, bool isReadOnly)
    {
        Decoration.TryApply(mount, copies, isReadOnly);
        return Answer.Success;
    }

    // Null where the kernel is to say why not.
    Fd? CreateProc(CallerPlace place, Tracee tracee)
    {
        using Fd? pidNamespace = place.OpenOwned("pid");
        if (pidNamespace is null || MountData.TryRead(tracee, FlagsOf(tracee)) is not { } data)
        {
            return null;
        }

        MountAttributes attributes = AttributesOf(FlagsOf(tracee));
        return (_memory.IsOldKernel != 0 ? null : ProcMount.TryCreate(pidNamespace, data.Options, attributes))
            ?? _makeProc(pidNamespace, place.Mounts, data.Text, attributes);
    }

    static Fd? CreateSysfs(CallerPlace place, Tracee tracee)
    {
        if (!place.OwnsNetwork || MountData.TryRead(tracee, FlagsOf(tracee)) is not { } data)
        {
            return null;
        }

        using FsContext context = FsContext.Open("sysfs");
        context.Set(data.Options);
        return context.CreateMount(AttributesOf(FlagsOf(tracee)));
    }

    static MountAttributes AttributesOf(MountFlags flags)
    {
        // The first four bits are the same in both.
        MountAttributes attributes = (MountAttributes)((ulong)flags & 0xf);
        attributes |= flags.HasFlag(MountFlags.MS_NOATIME) ? MountAttributes.MOUNT_ATTR_NOATIME : 0;
        attributes |= flags.HasFlag(MountFlags.MS_NOSYMFOLLOW) ? MountAttributes.MOUNT_ATTR_NOSYMFOLLOW : 0;
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
        byte[]? path = tracee.ReadPath(3);
        bool isEmpty = path is [0];
        if (path is null || (isEmpty && (tracee.Argument(4) & MOVE_MOUNT_T_EMPTY_PATH) == 0))
        {
            return null;
        }

        if (path[0] == (byte)'/' || (!isEmpty && directory == Fd.CurrentDirectory.Number))
        {
            return place.TryOpen(path);
        }

        Fd? start = tracee.Open(directory == Fd.CurrentDirectory.Number ? "cwd" : $"fd/{directory}", OpenFlags.O_PATH);
        if (start is null || isEmpty)
        {
            return start;
        }

        using (start)
        {
            return place.TryOpen(path, directory: start);
        }
    }
}
