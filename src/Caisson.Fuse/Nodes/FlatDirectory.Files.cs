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

    public Errno Open(in RequestReader request, ReplyWriter reply)
    {
        if (!_byId.TryGetValue(request.Header.nodeid, out Node? node))
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
            Snapshot snapshot = _snapshots.Take(node, (int)request.Header.pid);
            if (Make(snapshot, CallerOf(request)) == Errno.None)
            {
                handle = new FileHandle(_memory.State.Opened, snapshot.Content.Length);
                _snapshots.Keep(snapshot, handle.Value);
                node.CachedSize.Announce(snapshot.Content.Length, node.Id, _memory, _notifier);
            }
            else
            {
                // As in /proc: it is the read that fails. It will try anew.
                _snapshots.Drop(snapshot);
            }
        }

        reply.Write(new fuse_open_out { fh = handle.Value, open_flags = FOPEN_DIRECT_IO });
        return Errno.None;
    }

    public Errno Read(in RequestReader request, ReplyWriter reply)
    {
        if (!_byId.TryGetValue(request.Header.nodeid, out Node? node))
        {
            return Errno.ENOENT;
        }

        fuse_read_in input = request.Input<fuse_read_in>();
        FileHandle handle = new(input.fh);
        bool isPaged = (input.read_flags & FUSE_READ_LOCKOWNER) == 0;
        Snapshot? snapshot = _snapshots.Find(handle.Value, node);
        if (snapshot is null)
        {
            // An earlier server's, or taken away. The end of what its reader has begun with is not moved.
            if (input.offset > 0 && handle.Length <= (long)Math.Min(input.offset, long.MaxValue))
            {
                return Errno.None;
            }

            Errno errno = MakeAgain(node, handle, CallerOf(request), input.offset > 0 ? handle.Length : null, out snapshot);
            if (errno != Errno.None)
            {
                return errno;
            }
        }
        else if (snapshot.IsOutdated || (input.offset == 0 && IsToBeMadeAnew(snapshot, isPaged)))
        {
            snapshot.Pid = (int)request.Header.pid;
            Errno errno = Make(snapshot, CallerOf(request));
            if (errno != Errno.None)
            {
                return errno;
            }

            node.CachedSize.Announce(snapshot.Content.Length, node.Id, _memory, _notifier);
        }

        if (isPaged && _snapshots.HasOtherPages(snapshot))
        {
            // All who have this file open share one page cache. Whoever meets EINVAL from sendfile goes on with read, as on the kernels
            // (5.10 to 6.4) that had no splice for /proc.
            return Errno.EINVAL;
        }

        snapshot.IsFresh &= isPaged;
        snapshot.IsPaged |= isPaged;
        int length = snapshot.Content.Length;
        int start = (int)Math.Min(input.offset, (ulong)length);
        int count = (int)Math.Min(input.size, (uint)(length - start));
        if (isPaged && count < input.size)
        {
            node.CachedSize.EndsAt(start + count);
        }

        reply.WriteContent(snapshot.Content, start, count);
        return Errno.None;
    }

    public Errno Write(in RequestReader request, ReplyWriter reply)
    {
        if (!_byId.TryGetValue(request.Header.nodeid, out Node? node) || node.Writable is null)
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
        _snapshots.ExpireAll();
        if (_snapshots.Find(input.fh, node) is { } own)
        {
            own.IsOutdated = true;
        }

        reply.Write(new fuse_write_out { size = input.size });
        return errno;
    }

    public Errno Release(in RequestReader request)
    {
        if (_byId.TryGetValue(request.Header.nodeid, out Node? node)
            && _snapshots.Find(request.Input<fuse_release_in>().fh, node) is { } snapshot)
        {
            _snapshots.Drop(snapshot);
        }

        return Errno.None;
    }

    // Pages that the kernel dropped must come back as they were.
    static bool IsToBeMadeAnew(Snapshot snapshot, bool isPaged) =>
        !(isPaged && snapshot.IsPaged) && (!snapshot.IsFresh || Stopwatch.GetTimestamp() - snapshot.MadeAt > s_freshFor);

    Errno MakeAgain(Node node, FileHandle handle, Caller caller, long? longest, out Snapshot snapshot)
    {
        snapshot = _snapshots.Take(node, caller.Pid);
        Errno errno = node.Readable is null ? Errno.EBADF : Make(snapshot, caller);
        if (errno != Errno.None)
        {
            _snapshots.Drop(snapshot);
            return errno;
        }

        snapshot.Content.CutTo(longest ?? long.MaxValue);
        if (handle.Value != 0)
        {
            _snapshots.Keep(snapshot, handle.Value);
        }

        return Errno.None;
    }

    static Errno Make(Snapshot snapshot, Caller caller)
    {
        Node node = snapshot.Node!;
        Errno errno = Errno.EIO;
        try
        {
            snapshot.Content.Clear();
            errno = node.Readable!.Read(caller, snapshot.Content);
        }
        finally
        {
            if (errno != Errno.None)
            {
                snapshot.Content.Clear();
            }
        }

        if (errno == Errno.None)
        {
            node.LastLength = snapshot.Content.Length;
            snapshot.IsFresh = true;
            snapshot.IsOutdated = false;
            snapshot.MadeAt = Stopwatch.GetTimestamp();
        }

        return errno;
    }

    long LengthFor(Node node, Caller caller)
    {
        if (_snapshots.Newest(node, caller.Pid) is { } open)
        {
            return open.Content.Length;
        }

        if (node.LastLength is null && node.Readable is not null)
        {
            Snapshot snapshot = _snapshots.Take(node, caller.Pid);
            Make(snapshot, caller);
            _snapshots.Drop(snapshot);
        }

        return node.LastLength ?? 0;
    }
}
