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
sealed class SnapshotPool
{
    /// <summary>A content that is longer is not kept, nor shown.</summary>
    public const int Longest = 2 * 1024 * 1024;

    /// <summary>
    /// Where contents lie. Wherever one of the longest is, there is room for another beside it: so one can be replaced while the
    /// old one stays until the new one is whole.
    /// </summary>
    public const int Room = 3 * Longest;

    public const int Count = 64;

    // Of all contents, where it is not one alone that is longer. As places are taken from the lowest on, it is about what the
    // memory grows to.
    const int MostBytes = 1024 * 1024;

    readonly FuseMemory _memory;
    readonly Snapshot[] _all;
    ulong _uses;

    public SnapshotPool(FuseMemory memory)
    {
        _memory = memory;
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
        foreach (Snapshot it in _all)
        {
            if (it.State.Handle == handle && IsOf(it, node))
            {
                it.State.LastUse = ++_uses;
                return it;
            }
        }

        return null;
    }

    /// <summary>What an earlier server has made for the request that it left; null where it did not get there.</summary>
    public Snapshot? MadeFor(ulong request, Node node)
    {
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && it.State.Request == request)
            {
                return it;
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
            Place = Snapshot.PlaceOf(start, content.Length),
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
        snapshot.IsFresh = true;
        return true;
    }

    /// <summary>Something has been written: whoever reads a file from its start is to see what came of it.</summary>
    public void ExpireAll()
    {
        foreach (Snapshot it in _all)
        {
            it.IsFresh = false;
        }
    }

    /// <summary>The newest of this file that this thread has open.</summary>
    public Snapshot? Newest(Node node, int pid)
    {
        Snapshot? newest = null;
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && it.State.Pid == pid && it.State.LastUse >= (newest?.State.LastUse ?? 0))
            {
                newest = it;
            }
        }

        return newest;
    }

    /// <summary>Length of the longest content of this file that the kernel takes for at least so long; 0 where there is none.</summary>
    public int LongestSized(Node node)
    {
        int longest = 0;
        foreach (Snapshot it in _all)
        {
            longest = IsOf(it, node) && it.IsSized ? Math.Max(longest, it.Length) : longest;
        }

        return longest;
    }

    /// <summary>Length of the content of which pages are in use; null where there is none.</summary>
    public int? PagedLength(Node node)
    {
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && it.IsPaged)
            {
                return it.Length;
            }
        }

        return null;
    }

    /// <summary>The kernel was told this size: readers of contents that have another must not use pages any more.</summary>
    public void Told(Node node, long size)
    {
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && it.Length != size)
            {
                it.IsSized = false;
            }
        }
    }

    /// <summary>Another reader of the same file has opened it and not yet read it, and its content has another length.</summary>
    public bool HasOtherLength(Node node, long length)
    {
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && it.IsFresh && it.Length != length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Pages of this file are in use, or another of its readers may be about to use them.</summary>
    public bool HasPages(Snapshot snapshot, Node node)
    {
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && (it == snapshot ? it.IsPaged : it.MayHavePages))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Another reader of the same file may use its page cache, too, and is to be shown something else.</summary>
    public bool HasOtherPages(Snapshot snapshot, Node node)
    {
        foreach (Snapshot it in _all)
        {
            if (IsOf(it, node) && it.MayHavePages && !it.Content.SequenceEqual(snapshot.Content))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsOf(Snapshot snapshot, Node node) => snapshot.IsTaken && snapshot.State.Node == node.Id;

    // Copies the content to where it will be; -1 where it cannot be kept.
    int Place(ReadOnlySpan<byte> content, Snapshot? replaced)
    {
        if (content.Length > Longest)
        {
            return -1;
        }

        while (Bytes(replaced) + content.Length > MostBytes && LeastUsed(replaced) is { } least)
        {
            least.Free();
        }

        int start;
        while ((start = LowestFree(content.Length)) < 0 && LeastUsed(replaced) is { } least)
        {
            least.Free();
        }

        if (start < 0 || !_memory.TryReserve(start + content.Length))
        {
            return -1;
        }

        content.CopyTo(_memory.Content(start, content.Length));
        return start;
    }

    int LowestFree(int length)
    {
        int lowest = IsFree(0, length) ? 0 : int.MaxValue;
        foreach (Snapshot it in _all)
        {
            int end = it.Start + it.Length;
            if (it.IsTaken && end < lowest && IsFree(end, length))
            {
                lowest = end;
            }
        }

        return lowest == int.MaxValue ? -1 : lowest;
    }

    bool IsFree(int start, int length)
    {
        bool isFree = start + length <= Room;
        foreach (Snapshot it in _all)
        {
            isFree &= !it.IsTaken || it.Start >= start + length || start >= it.Start + it.Length;
        }

        return isFree;
    }

    int Bytes(Snapshot? except)
    {
        int bytes = 0;
        foreach (Snapshot it in _all)
        {
            bytes += it.IsTaken && it != except ? it.Length : 0;
        }

        return bytes;
    }

    Snapshot? LeastUsed(Snapshot? except)
    {
        Snapshot? least = null;
        foreach (Snapshot it in _all)
        {
            if (it.IsTaken && it != except && (least is null || it.State.LastUse < least.State.LastUse))
            {
                least = it;
            }
        }

        return least;
    }
}
