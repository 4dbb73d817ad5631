using System.Diagnostics;

namespace Caisson.Fuse.Nodes;

/// <summary>
/// The snapshots of files that are open, at most so many and so large: whoever opens thousands of files takes away those that
/// have not been used for longest, and what is taken away is made anew if it is read once more.
/// <para>
/// They lie in memory that outlives the server, the table as well as the contents, so that a reader in small steps sees one
/// content even where it is served by two. Each is written before its handle is, and replaced by changing one number.
/// </para>
/// </summary>
sealed partial class SnapshotPool
{
    public const int Count = 64;

    readonly FuseMemory _memory;
    readonly Snapshot[] _all;
    ulong _uses;

    public SnapshotPool(FuseMemory memory)
    {
        _memory = memory;
        memory.OpenTable();
        _all = [.. Enumerable.Range(0, Count).Select(index => new Snapshot(memory, index))];
        foreach (Snapshot it in _all)
        {
            if ((it.State.Place >> 32) + (uint)it.State.Place > Room)
            {
                it.State = default;
            }

            _uses = Math.Max(_uses, it.State.LastUse);
        }
    }

    public Snapshot? Find(ulong handle, Node node)
    {
        Span<SnapshotState> rows = _memory.Snapshots;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Handle == handle && rows[i].IsOf(node))
            {
                rows[i].LastUse = ++_uses;
                return _all[i];
            }
        }

        return null;
    }

    /// <summary>What an earlier server has made for the request that it left; null where it did not get there.</summary>
    public Snapshot? MadeFor(ulong request, Node node)
    {
        Span<SnapshotState> rows = _memory.Snapshots;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Request == request && rows[i].IsOf(node))
            {
                return _all[i];
            }
        }

        return null;
    }

    /// <summary>Keeps a content for an open file; null where there is no memory for it.</summary>
    public Snapshot? Keep(ReadOnlySpan<byte> content, FileHandle handle, Node node, int pid, ulong request)
    {
        int start = Place(content, replaced: null);
        if (start < 0)
        {
            return null;
        }

        Snapshot snapshot = Array.Find(_all, static it => !it.IsTaken) ?? LeastUsed(except: null)!;
        snapshot.Free();
        snapshot.State = new SnapshotState
        {
            Node = node.Id,
            Place = SnapshotState.PlaceOf(start, content.Length),
            Request = request,
            LastUse = ++_uses,
            MadeAt = Stopwatch.GetTimestamp(),
            Pid = pid,
            Marks = SnapshotMarks.Fresh,
        };
        Volatile.Write(ref snapshot.State.Handle, handle.Value);
        return snapshot;
    }

    /// <summary>Another content for the same open file; false where there is no memory for it, and the old one stays.</summary>
    public bool Replace(Snapshot snapshot, ReadOnlySpan<byte> content, int pid)
    {
        int start = Place(content, snapshot);
        if (start < 0)
        {
            return false;
        }

        // What is left of the old one must not pass for the new one: marks are set after it is there.
        snapshot.IsFresh = false;
        snapshot.IsSized = false;
        snapshot.MoveTo(start, content.Length);
        snapshot.State.Pid = pid;
        snapshot.State.MadeAt = Stopwatch.GetTimestamp();
        snapshot.IsOutdated = false;
        snapshot.IsBegun = false;
        snapshot.IsFresh = true;
        return true;
    }

    /// <summary>Something has been written: whoever reads a file from its start is to see what came of it.</summary>
    public void ExpireAll()
    {
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            row.Set(SnapshotMarks.Fresh, false);
        }
    }

    /// <summary>The newest of this file that this thread has open.</summary>
    public Snapshot? Newest(Node node, int pid)
    {
        Span<SnapshotState> rows = _memory.Snapshots;
        int newest = -1;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Pid == pid && rows[i].IsOf(node) && (newest < 0 || rows[i].LastUse >= rows[newest].LastUse))
            {
                newest = i;
            }
        }

        return newest < 0 ? null : _all[newest];
    }

    /// <summary>Length of the longest content of this file that the kernel takes for at least so long; 0 where there is none.</summary>
    public int LongestSized(Node node)
    {
        int longest = 0;
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            longest = row.IsOf(node) && row.Has(SnapshotMarks.Sized) ? Math.Max(longest, row.Length) : longest;
        }

        return longest;
    }

    /// <summary>Length of the content of which pages are in use; null where there is none.</summary>
    public int? PagedLength(Node node)
    {
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            if (row.IsOf(node) && row.Has(SnapshotMarks.Paged))
            {
                return row.Length;
            }
        }

        return null;
    }

    /// <summary>The size is none that we know: nobody may begin with pages before it is announced anew.</summary>
    public void Mislead(Node node) => Told(node, -1);

    /// <summary>The kernel was told this size: it is right for contents of this length, and readers of others must not use pages.</summary>
    public void Told(Node node, long size)
    {
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            if (row.IsOf(node))
            {
                row.Set(SnapshotMarks.Sized, row.Length == size);
            }
        }
    }

    /// <summary>Another reader of the same file has opened it and not yet read it, and its content has another length.</summary>
    public bool HasOtherLength(Node node, long length)
    {
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            if (row.IsOf(node) && row.Has(SnapshotMarks.Fresh) && row.Length != length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Pages of this file are in use, or may soon be by somebody else.</summary>
    public bool HasPages(Node node, Snapshot own)
    {
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            bool isOwn = row.Handle == own.State.Handle;
            if (row.IsOf(node) && row.Has(isOwn ? SnapshotMarks.Paged : SnapshotMarks.Paged | SnapshotMarks.Fresh))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Another reader of the same file may use its page cache, too, and is to be shown something else.</summary>
    public bool HasOtherPages(Snapshot snapshot, Node node)
    {
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            if (row.IsOf(node) && row.Has(SnapshotMarks.Fresh | SnapshotMarks.Paged)
                && !_memory.Content(row.Start, row.Length).SequenceEqual(snapshot.Content))
            {
                return true;
            }
        }

        return false;
    }
}
