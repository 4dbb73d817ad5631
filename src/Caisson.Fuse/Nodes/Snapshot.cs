namespace Caisson.Fuse.Nodes;

/// <summary>The content that one open file shows: one row of the pool's table, in memory that outlives us.</summary>
sealed class Snapshot(FuseMemory memory, int index)
{
    public ref SnapshotState State => ref memory.Snapshot(index);

    public bool IsTaken => State.Handle != 0;

    public int Start => (int)(State.Place >> 32);

    public int Length => (int)(uint)State.Place;

    public ReadOnlySpan<byte> Content => memory.Content(Start, Length);

    /// <summary>Nothing of it has been read, and it is as new as the open: the first read from the start shows it.</summary>
    public bool IsFresh
    {
        get => Has(SnapshotMarks.Fresh);
        set => Mark(SnapshotMarks.Fresh, value);
    }

    /// <summary>Its reader's pages come from it (sendfile, mmap).</summary>
    public bool IsPaged
    {
        get => Has(SnapshotMarks.Paged);
        set => Mark(SnapshotMarks.Paged, value);
    }

    /// <summary>Its own reader has written to the file and is to see what came of it, wherever it reads on.</summary>
    public bool IsOutdated
    {
        get => Has(SnapshotMarks.Outdated);
        set => Mark(SnapshotMarks.Outdated, value);
    }

    /// <summary>The kernel takes the file for at least as long as it is, and will see its end: its reader may use pages.</summary>
    public bool IsSized
    {
        get => Has(SnapshotMarks.Sized);
        set => Mark(SnapshotMarks.Sized, value);
    }

    /// <summary>A content of the same file's that has pages in the kernel's cache, or will have them.</summary>
    public bool MayHavePages => IsFresh || IsPaged;

    /// <summary>It is nobody's from now on.</summary>
    public void Free() => Volatile.Write(ref State.Handle, 0);

    /// <summary>In one step: at any instruction it is the old content or the new one.</summary>
    public void MoveTo(int start, int length) => Volatile.Write(ref State.Place, PlaceOf(start, length));

    public static ulong PlaceOf(int start, int length) => ((ulong)(uint)start << 32) | (uint)length;

    bool Has(SnapshotMarks mark) => (State.Marks & mark) != 0;

    void Mark(SnapshotMarks mark, bool value) => State.Marks = value ? State.Marks | mark : State.Marks & ~mark;
}
