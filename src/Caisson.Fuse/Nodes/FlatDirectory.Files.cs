using System.Diagnostics;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;
using static Caisson.Fuse.Protocol.FuseFlags;

namespace Caisson.Fuse.Nodes;

/// <summary>
/// Contents. As with the kernel's seq_file, an open file shows one content until it is read from its start again: a reader in
/// small steps never sees two mixed. It is made when the file is opened, since sizes must be right from then on.
/// </summary>
sealed partial class FlatDirectory
{
    const uint O_ACCMODE = 3;
    const uint O_WRONLY = 1;
    const uint O_RDWR = 2;
    const uint O_APPEND = 0x400;

    // Who opens a file early and reads it late is shown what is true then.
    static readonly long s_freshFor = Stopwatch.Frequency / 10;

    // What has served for a larger content than this is not kept.
    const int LargestKept = 256 * 1024;

    ContentBuffer _made = new();

    public Errno Open(in RequestReader request, ReplyWriter reply)
    {
        if (!TryFind(request.Header.nodeid, out Node? node))
        {
            return Errno.ENOENT;
        }

        uint flags = request.Input<fuse_open_in>().flags;
        bool reads = (flags & O_ACCMODE) != O_WRONLY;
        bool writes = (flags & O_ACCMODE) is O_WRONLY or O_RDWR;
        if ((reads && node.Readable is null) || (writes && node.Writable is null))
        {
            return Errno.EACCES;
        }

        FileHandle handle = new(++_memory.State.Opened, null);
        if (reads)
        {
            // With a server that had made it and ended, its answer may have got out: there must not be two for one open file.
            Snapshot? snapshot = Snapshots.MadeFor(request.Header.unique, node);
            // As in /proc: it is the read that fails. It will try anew.
            if (snapshot is null && Make(node, CallerOf(request)) == Errno.None)
            {
                handle = new FileHandle(_memory.State.Opened, _made.Length);
                snapshot = Snapshots.Keep(_made.Bytes, handle, node, (int)request.Header.pid, request.Header.unique);
            }

            if (snapshot is not null)
            {
                handle = new FileHandle(snapshot.State.Handle);
                // Not twice: the opener may have asked for pages since, and a notification in between makes the kernel disregard
                // where our answer ends.
                if (!snapshot.IsSized)
                {
                    Announce(snapshot, node);
                }
            }
        }

        reply.Write(new fuse_open_out { fh = handle.Value, open_flags = FOPEN_DIRECT_IO });
        return Errno.None;
    }

    public Errno Read(in RequestReader request, ReplyWriter reply)
    {
        if (!TryFind(request.Header.nodeid, out Node? node))
        {
            return Errno.ENOENT;
        }

        fuse_read_in input = request.Input<fuse_read_in>();
        FileHandle handle = new(input.fh);
        bool isPaged = (input.read_flags & FUSE_READ_LOCKOWNER) == 0;
        Snapshot? snapshot = Snapshots.Find(handle.Value, node);
        // A server has shown it for this very request and ended; the answer may have got out, so it stays.
        bool isShown = snapshot?.State.Request == request.Header.unique;
        if (snapshot is null)
        {
            // Taken away. The end of what its reader has begun with is not moved.
            if (input.offset > 0 && handle.Length <= (long)Math.Min(input.offset, long.MaxValue))
            {
                return Errno.None;
            }

            Errno errno = MakeAgain(request, node, handle, isPaged, input.offset > 0 ? handle.Length : null, out snapshot);
            if (snapshot is null)
            {
                return errno;
            }
        }
        else if (!isShown && (snapshot.IsOutdated || (input.offset == 0 && IsToBeMadeAnew(snapshot, isPaged))))
        {
            Errno errno = Make(node, CallerOf(request));
            if (errno != Errno.None)
            {
                return errno;
            }

            bool wasSized = snapshot.IsSized;
            if (isPaged && _made.Length != snapshot.Length)
            {
                // Its size cannot be announced any more, for the reason told at Open.
                return Errno.EINVAL;
            }

            if (!Snapshots.Replace(snapshot, _made.Bytes, (int)request.Header.pid))
            {
                return Errno.ENOMEM;
            }

            if (isPaged)
            {
                snapshot.IsSized = wasSized;
            }
            else
            {
                Announce(snapshot, node);
            }
        }

        if (isPaged && (!snapshot.IsSized || Snapshots.HasOtherPages(snapshot, node)))
        {
            // All who have this file open share one page cache and one size. Whoever meets EINVAL from sendfile goes on with read,
            // as on the kernels (5.10 to 6.4) that had no splice for /proc.
            return Errno.EINVAL;
        }

        snapshot.State.Request = request.Header.unique;
        snapshot.IsFresh &= isPaged;
        snapshot.IsBegun |= !isPaged;
        snapshot.IsPaged |= isPaged;
        int start = (int)Math.Min(input.offset, (ulong)snapshot.Length);
        int count = (int)Math.Min(input.size, (uint)(snapshot.Length - start));
        if (isPaged && count < input.size)
        {
            node.CachedSize.EndsAt(start + count);
            Snapshots.Told(node, start + count);
        }

        reply.WriteContent(start: snapshot.Start + start, count);
        return Errno.None;
    }

    public Errno Write(in RequestReader request, ReplyWriter reply)
    {
        if (!TryFind(request.Header.nodeid, out Node? node) || node.Writable is null)
        {
            return Errno.EBADF;
        }

        fuse_write_in input = request.Input<fuse_write_in>();
        ReadOnlySpan<byte> bytes = request.After<fuse_write_in>();
        if (input.size != bytes.Length || input.offset > long.MaxValue)
        {
            return Errno.EINVAL;
        }

        // The kernel appends at the size that it knows. In /proc that is 0, so that >> does what > does.
        long offset = (input.flags & O_APPEND) != 0 ? 0 : (long)input.offset;
        Errno errno = node.Writable.Write(CallerOf(request), offset, bytes);
        node.CachedSize.IsStale();
        Snapshots.Mislead(node);
        Snapshots.ExpireAll();
        if (Snapshots.Find(input.fh, node) is { } own)
        {
            own.IsOutdated = true;
        }

        reply.Write(new fuse_write_out { size = input.size });
        return errno;
    }

    public Errno Release(in RequestReader request)
    {
        if (TryFind(request.Header.nodeid, out Node? node)
            && Snapshots.Find(request.Input<fuse_release_in>().fh, node) is { } snapshot)
        {
            snapshot.Free();
        }

        return Errno.None;
    }

    // The kernel fills pages from their start, wherever their reader stands: what has been begun is not made anew for that. And
    // pages that the kernel dropped must come back as they were.
    static bool IsToBeMadeAnew(Snapshot snapshot, bool isPaged) =>
        !(isPaged && (snapshot.IsPaged || snapshot.IsBegun)) && (!snapshot.IsFresh || Stopwatch.GetTimestamp() - snapshot.State.MadeAt > s_freshFor);

    Errno MakeAgain(in RequestReader request, Node node, FileHandle handle, bool isPaged, long? longest, out Snapshot? snapshot)
    {
        snapshot = null;
        Errno errno = node.Readable is null || handle.Value == 0 ? Errno.EBADF : Make(node, CallerOf(request));
        if (errno != Errno.None)
        {
            return errno;
        }

        int length = (int)Math.Min(_made.Length, longest ?? long.MaxValue);
        snapshot = Snapshots.Keep(_made.Bytes[..length], handle, node, (int)request.Header.pid, request.Header.unique);
        if (snapshot is null)
        {
            return Errno.ENOMEM;
        }

        if (isPaged)
        {
            // As its size cannot be announced any more, it must be the one that was.
            snapshot.IsSized = length == handle.Length && node.CachedSize.Covers(length);
        }
        else
        {
            Announce(snapshot, node);
        }

        return Errno.None;
    }

    // The content of this moment, until the next one is made.
    Errno Make(Node node, Caller caller)
    {
        if (_made.Capacity > LargestKept)
        {
            _made = new ContentBuffer();
        }

        _made.Clear();
        Errno errno = node.Readable!.Read(caller, _made);
        if (errno == Errno.None)
        {
            node.LastLength = _made.Length;
        }

        return errno;
    }

    void Announce(Snapshot snapshot, Node node)
    {
        // One who has closed counts as well, until we read of it: the release may come behind the next open.
        bool mayGrow = !Snapshots.HasPages(node, snapshot);
        if (node.CachedSize.Announce(snapshot.Length, Snapshots.LongestSized(node), mayGrow, node.Id, _memory, _notifier))
        {
            Snapshots.Mislead(node);
        }

        snapshot.IsSized = node.CachedSize.Covers(snapshot.Length);
    }

    long LengthFor(Node node, Caller caller)
    {
        if (Snapshots.Newest(node, caller.Pid) is { } open)
        {
            return open.Length;
        }

        if (node.LastLength is null && node.Readable is not null)
        {
            Make(node, caller);
        }

        return node.LastLength ?? 0;
    }
}
