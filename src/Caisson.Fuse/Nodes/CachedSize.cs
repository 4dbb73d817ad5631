using Caisson.Fuse.Protocol;
using Caisson.Kernel;

namespace Caisson.Fuse.Nodes;

/// <summary>
/// What the kernel takes for the size of one file, as far as we can know. It matters although read(2) goes past it: sendfile,
/// splice and mmap end where the kernel believes the file to end, and fstat tells it. So it has to be right before an open
/// file's first use, and only a notification before the answer to FUSE_OPEN does that.
/// <para>
/// FUSE_NOTIFY_STORE is the one that makes a size grow, but it does so by filling a page, and it locks the page. A reader may
/// hold that lock while it waits for us; we would wait for it. So the byte that we store lies far behind the content, in a page
/// of its own each time: no reader can have asked for it yet. The size is then much too large, which is right for readers of
/// the page cache: the first short answer to one of them cuts it (fuse_short_read). And it is marked as stale, so that fstat
/// asks us (fuse_write_update_attr, since Linux 5.16). The page is dropped when the open ends.
/// </para>
/// <para>
/// A store of no bytes behind the end locks nothing and marks the size as stale: this is for content that has become shorter.
/// FUSE_NOTIFY_INVAL_INODE would make more than the size stale and so cost each open a FUSE_GETATTR for permissions.
/// </para>
/// <para>
/// The size grows before the byte is there (fuse_notify_store, before it locks the page), and what lies between the content and
/// that byte reads as zeros. To a reader who asks us this does no harm: our answer is short and ends the file. But pages that are
/// there already are not asked for, so that their reader would go on behind its content: it does not grow while pages are in use.
/// And every notification makes the kernel disregard where an answer ends that it has asked for before (attr_version, in
/// fuse_read_update_size): so after one all others are told to read instead (EINVAL), as they are where two would need other
/// pages, and where the size is too small. The pages of those who have closed are dropped with every open.
/// </para>
/// </summary>
sealed class CachedSize
{
    const int PageSize = 4096;
    const long FarBehind = 1L << 50;

    // Never more than the kernel has: it drops an answer of ours where a notification came in between, which leaves a larger size.
    long _atLeast;
    bool _isExact;
    bool _isStale;

    /// <summary>A size in an answer to FUSE_LOOKUP, FUSE_GETATTR and the like.</summary>
    public void Told(long size)
    {
        _atLeast = Math.Min(_atLeast, size);
        _isExact = _atLeast == size;
        _isStale = false;
    }

    /// <summary>A short answer to a reader of the page cache.</summary>
    public void EndsAt(long size)
    {
        _isExact &= size >= _atLeast;
        _atLeast = Math.Min(_atLeast, size);
    }

    /// <summary>A write, after which the kernel asks again.</summary>
    public void IsStale() => _isStale = true;

    /// <summary>The content that an open file is about to show has this length.</summary>
    /// <param name="known">A length that the kernel's is not below, also where an earlier server has told it.</param>
    /// <param name="mayGrow">No pages are in use, nor about to be.</param>
    /// <returns>Whether the kernel was notified.</returns>
    public bool Announce(long length, long known, bool mayGrow, ulong node, FuseMemory memory, Notifier notifier)
    {
        _atLeast = Math.Max(_atLeast, known);
        // Where nothing is in it, nothing can be read from it: it grows in any case.
        if (length > _atLeast && (mayGrow || _atLeast == 0))
        {
            long page = memory.NextStorePage(length / PageSize + 1);
            if (notifier.Store(node, page * PageSize, 1) == Errno.None)
            {
                _atLeast = page * PageSize + 1;
                _isExact = false;
                return _isStale = true;
            }
        }
        else if (!_isStale && !(_isExact && length == _atLeast) && notifier.Store(node, FarBehind, 0) == Errno.None)
        {
            return _isStale = true;
        }

        return false;
    }

    /// <summary>The kernel takes the file for at least so long.</summary>
    public bool Covers(long length) => length <= _atLeast;
}
