using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    const uint MNT_FORCE = 1;
    const uint UMOUNT_NOFOLLOW = 8;

    /// <summary>
    /// umount2(2) of a procfs or sysfs that is covered. What covers it would keep it busy, so that goes first; then the call is
    /// made here, so that all of it can come back if something else keeps it busy.
    /// </summary>
    public Answer Unmount(Tracee tracee)
    {
        uint flags = (uint)tracee.Argument(1);
        if ((flags & MNT_FORCE) != 0 || tracee.ReadString(0) is not { } path || CallerPlace.TryOpen(tracee) is not { } place)
        {
            return Answer.Continue;
        }

        using (place)
        {
            place.Enter();
            try
            {
                if (memory.PendingMount != 0 && IdOfMount(place, path, flags) != memory.PendingMount)
                {
                    return Answer.Success;
                }

                if (KindOfMount(place, path, flags) is not { } isProc)
                {
                    return Answer.Continue;
                }

                using Decoration.Copies copies = CopyFor(isProc);
                place.Enter();
                return tracee.IsStillThere ? Unmount(place, path, flags, copies, isProc) : Answer.Continue;
            }
            finally
            {
                _decoration.Leave();
            }
        }
    }

    // Null where it is no covered procfs or sysfs.
    static bool? KindOfMount(CallerPlace place, string path, uint flags)
    {
        using Fd? target = OpenMount(place, path, flags);
        return target is not null && Stat.CachedOf(target) is { IsDirectory: true, IsMountRoot: true } && KindOf(target) is { } isProc && Decoration.IsDecorated(target, isProc)
            ? isProc
            : null;
    }

    Answer Unmount(CallerPlace place, string path, uint flags, Decoration.Copies copies, bool isProc)
    {
        using (Fd? target = OpenMount(place, path, flags))
        {
            if (target is null)
            {
                return Answer.Continue;
            }

            memory.PendingMount = Stat.CachedOf(target).stx_mnt_id;
            Decoration.Remove(target, copies, isProc);
        }

        // Nothing of ours may be open in it, nor be its working directory.
        place.Enter();
        Errno errno = Kernel.Mounts.Mount.TryUnmount(path, flags);
        if (errno == Errno.EBUSY)
        {
            using Fd? target = OpenMount(place, path, flags);
            if (target is not null)
            {
                Decoration.TryApply(target, copies, isReadOnly: false);
            }
        }

        // A path by way of /proc/self leads us elsewhere than its caller: the kernel finds it.
        return errno switch
        {
            Errno.None => Answer.Success,
            Errno.EBUSY => Answer.Failure(errno),
            _ => Answer.Continue,
        };
    }

    static ulong IdOfMount(CallerPlace place, string path, uint flags)
    {
        using Fd? target = OpenMount(place, path, flags);
        return target is null ? 0 : Stat.CachedOf(target).stx_mnt_id;
    }

    static Fd? OpenMount(CallerPlace place, string path, uint flags) => place.TryOpen(path, followsLast: (flags & UMOUNT_NOFOLLOW) == 0);
}
