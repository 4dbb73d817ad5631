namespace Caisson.Fuse.Nodes;

/// <summary>The content that one open file shows: one row of the pool's table, in memory that outlives us.</summary>
sealed class Snapshot(FuseMemory memory, int index)
{
    public ref SnapshotState State => ref memory.Snapshots[index];

    public bool IsTaken => State.IsTaken;

    public int Start => State.Start;

    public int Length => State.Length;

    public ReadOnlySpan<byte> Content => memory.Content(Start, Length);

    /// <summary>Nothing of it has been read, and it is as new as the open: the first read from the start shows it.</summary>
    public bool IsFresh
    {
        get => State.Has(SnapshotMarks.Fresh);
        set => State.Set(SnapshotMarks.Fresh, value);
    }

    /// <summary>Its reader has seen some of it by read(2), and goes on with it whichever way.</summary>
    public bool IsBegun
    {
        get => State.Has(SnapshotMarks.Begun);
        set => State.Set(SnapshotMarks.Begun, value);
    }

    /// <summary>Its reader's pages come from it (sendfile, mmap).</summary>
    public bool IsPaged
    {
        get => State.Has(SnapshotMarks.Paged);
        set => State.Set(SnapshotMarks.Paged, value);
    }

    /// <summary>Its own reader has written to the file and is to see what came of it, wherever it reads on.</summary>
    public bool IsOutdated
    {
        get => State.Has(SnapshotMarks.Outdated);
        set => State.Set(SnapshotMarks.Outdated, value);
    }

    /// <summary>The kernel takes the file for at least as long as it is, and will see its end: its reader may use pages.</summary>
    public bool IsSized
    {
        get => State.Has(SnapshotMarks.Sized);
        set => State.Set(SnapshotMarks.Sized, value);
    }

    /// <summary>It is nobody's from now on.</summary>
    public void Free() => Volatile.Write(ref State.Handle, 0);

    /// <summary>In one step: at any instruction it is the old content or the new one.</summary>
    public void MoveTo(int start, int length) => Volatile.Write(ref State.Place, SnapshotState.PlaceOf(start, length));
}
