using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Emulation.Syscalls;

public sealed partial class CallHandlers
{
    const uint UMOUNT_NOFOLLOW = 8;

    /// <summary>
    /// umount2(2) of a procfs or sysfs that is covered, without MNT_FORCE. What covers it would keep it busy, so that goes first; then the call is
    /// made here, so that all of it can come back if something else keeps it busy.
    /// </summary>
    public Answer Unmount(Tracee tracee)
    {
        uint flags = (uint)tracee.Argument(1);
        if ((flags & ~UMOUNT_NOFOLLOW) != 0 || tracee.ReadPath(0) is not { } path || CallerPlace.TryOpen(_thread, tracee, CallerPlace.MayMount) is not { } place)
        {
            return Answer.Continue;
        }

        using (place)
        {
            if (_memory.PendingMount != 0 && IdOfMount(place, path, flags) != _memory.PendingMount)
            {
                // The last worker was killed after it.
                return Answer.Success;
            }

            if (KindOfMount(place, path, flags) is not { } isProc)
            {
                return Answer.Continue;
            }

            using Decoration.Copies copies = _decoration.Copy(isProc);
            try
            {
                place.Enter();
                return tracee.IsStillThere ? Unmount(place, path, flags, copies) : Answer.Continue;
            }
            finally
            {
                Leave();
            }
        }
    }

    // Null where it is no procfs or sysfs that is covered as a whole. One that the last worker has begun with counts as such.
    bool? KindOfMount(CallerPlace place, byte[] path, uint flags)
    {
        using Fd? target = OpenMount(place, path, flags);
        return target is not null && Stat.CachedOf(target) is { IsDirectory: true, IsMountRoot: true } && KindOf(target) is { } isProc
            && (_memory.PendingMount != 0 || _decoration.IsDecorated(target, isProc) && _decoration.IsWhole(target, isProc))
            ? isProc
            : null;
    }

    Answer Unmount(CallerPlace place, byte[] path, uint flags, Decoration.Copies copies)
    {
        using (Fd? target = OpenMount(place, path, flags))
        {
            if (target is null)
            {
                return Answer.Continue;
            }

            _memory.PendingMount = Stat.CachedOf(target).stx_mnt_id;
            bool isFree = Decoration.TryRemove(target, copies.Plan);
            // Nothing of ours may be open in it, nor be its working directory.
            _thread.LeaveDirectory();
            if (!isFree)
            {
                // Locked, with all that lies on it, in a namespace that was copied from a more privileged one.
                Decoration.TryApply(target, copies, isReadOnly: false);
                return Answer.Continue;
            }
        }

        Errno errno = place.TryUnmount(path, flags);
        if (errno is Errno.EBUSY or Errno.EINVAL)
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
            Errno.EBUSY or Errno.EINVAL => Answer.Failure(errno),
            _ => Answer.Continue,
        };
    }

    static ulong IdOfMount(CallerPlace place, byte[] path, uint flags)
    {
        using Fd? target = OpenMount(place, path, flags);
        return target is null ? 0 : Stat.CachedOf(target).stx_mnt_id;
    }

    static Fd? OpenMount(CallerPlace place, byte[] path, uint flags) => place.TryOpen(path, followsLast: (flags & UMOUNT_NOFOLLOW) == 0);
}
