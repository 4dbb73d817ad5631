namespace Caisson.Fuse.Nodes;

/// <summary>
/// The snapshots of files that are open, at most so many and so large: whoever opens thousands of files takes away those that
/// have not been used for longest, and what is taken away is made anew if it is read once more.
/// </summary>
sealed class SnapshotPool
{
    const int Count = 64;
    const int MostBytes = 1024 * 1024;
    const int LargestKept = 16 * 1024;

    readonly ulong[] _handles = new ulong[Count];
    readonly Snapshot?[] _snapshots = new Snapshot?[Count];
    ulong _uses;

    public Snapshot? Find(ulong handle, Node node)
    {
        int index = handle == 0 ? -1 : _handles.AsSpan().IndexOf(handle);
        if (index < 0 || _snapshots[index] is not { } snapshot || snapshot.Node != node)
        {
            return null;
        }

        snapshot.LastUse = ++_uses;
        return snapshot;
    }

    /// <summary>An empty one, until <see cref="Keep"/> or <see cref="Drop"/>.</summary>
    public Snapshot Take(Node node, int pid)
    {
        int index = _handles.AsSpan().IndexOf(0ul);
        if (index < 0)
        {
            index = LeastUsed();
            _handles[index] = 0;
        }

        Snapshot snapshot = _snapshots[index] ??= new Snapshot();
        snapshot.Content.Clear();
        snapshot.Node = node;
        snapshot.Pid = pid;
        snapshot.IsFresh = false;
        snapshot.IsPaged = false;
        snapshot.IsOutdated = false;
        snapshot.LastUse = ++_uses;
        return snapshot;
    }

    /// <summary>It belongs to this open file from now on.</summary>
    public void Keep(Snapshot snapshot, ulong handle)
    {
        _handles[Array.IndexOf(_snapshots, snapshot)] = handle;
        int bytes = 0;
        for (int i = 0; i < Count; i++)
        {
            bytes += _handles[i] == 0 ? 0 : _snapshots[i]!.Content.Length;
        }

        while (bytes > MostBytes && LeastUsed() is >= 0 and int least && _snapshots[least] != snapshot)
        {
            bytes -= _snapshots[least]!.Content.Length;
            Free(least);
        }
    }

    /// <summary>Nothing came of it, or its file is closed.</summary>
    public void Drop(Snapshot snapshot) => Free(Array.IndexOf(_snapshots, snapshot));

    /// <summary>Something has been written: whoever reads a file from its start is to see what came of it.</summary>
    public void ExpireAll()
    {
        for (int i = 0; i < Count; i++)
        {
            if (_handles[i] != 0)
            {
                _snapshots[i]!.IsFresh = false;
            }
        }
    }

    /// <summary>The newest of this file that this thread has open.</summary>
    public Snapshot? Newest(Node node, int pid)
    {
        Snapshot? newest = null;
        for (int i = 0; i < Count; i++)
        {
            if (_handles[i] != 0 && _snapshots[i] is { } it && it.Node == node && it.Pid == pid && it.LastUse >= (newest?.LastUse ?? 0))
            {
                newest = it;
            }
        }

        return newest;
    }

    /// <summary>Another reader of the same file has opened it and not yet read it, and its content has another length.</summary>
    public bool HasOtherLength(Node node, long length)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_handles[i] != 0 && _snapshots[i] is { IsFresh: true } it && it.Node == node && it.Content.Length != length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Another reader of the same file may use its page cache, too, and is to be shown something else.</summary>
    public bool HasOtherPages(Snapshot snapshot)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_handles[i] != 0 && _snapshots[i] is { } it && it.Node == snapshot.Node && (it.IsFresh || it.IsPaged)
                && !it.Content.Bytes.SequenceEqual(snapshot.Content.Bytes))
            {
                return true;
            }
        }

        return false;
    }

    int LeastUsed()
    {
        int least = -1;
        for (int i = 0; i < Count; i++)
        {
            if (_handles[i] != 0 && (least < 0 || _snapshots[i]!.LastUse < _snapshots[least]!.LastUse))
            {
                least = i;
            }
        }

        return least;
    }

    void Free(int index)
    {
        _handles[index] = 0;
        Snapshot snapshot = _snapshots[index]!;
        snapshot.Node = null;
        if (snapshot.Content.Length > LargestKept)
        {
            snapshot.Content = new ContentBuffer();
        }
    }
}
