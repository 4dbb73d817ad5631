using System.Runtime.InteropServices;

namespace Caisson.Fuse.Nodes;

/// <summary>
/// The content that one open file shows, as it is noted in memory that outlives the server: with it the next server goes on
/// reading where this one has stood.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
struct SnapshotState
{
    /// <summary>Whose it is (<see cref="FileHandle"/>); 0 while it is nobody's. Written last, so that a whole one has it.</summary>
    public ulong Handle;

    /// <summary>The file's nodeid.</summary>
    public ulong Node;

    /// <summary>Where the content is: in the upper half its start, below its length. One number, so that both change at once.</summary>
    public ulong Place;

    /// <summary>Number of the last request that was shown it.</summary>
    public ulong Request;

    /// <summary>When it was used, by the pool's count.</summary>
    public ulong LastUse;

    /// <summary>By Stopwatch, whose clock all processes share.</summary>
    public long MadeAt;

    /// <summary>Who opened the file or read it from its start last.</summary>
    public int Pid;

    public SnapshotMarks Marks;

    public readonly bool IsTaken => Handle != 0;

    public readonly int Start => (int)(Place >> 32);

    public readonly int Length => (int)(uint)Place;

    public readonly int End => Start + Length;

    public static ulong PlaceOf(int start, int length) => ((ulong)(uint)start << 32) | (uint)length;

    public readonly bool IsOf(Node node) => Node == node.Id && IsTaken;

    public readonly bool Has(SnapshotMarks marks) => (Marks & marks) != 0;

    public void Set(SnapshotMarks mark, bool value) => Marks = value ? Marks | mark : Marks & ~mark;
}
