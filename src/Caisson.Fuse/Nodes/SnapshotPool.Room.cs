namespace Caisson.Fuse.Nodes;

/// <summary>Where contents lie, and which give way.</summary>
sealed partial class SnapshotPool
{
    /// <summary>A content that is longer is not kept, nor shown.</summary>
    public const int Longest = 2 * 1024 * 1024;

    /// <summary>
    /// Where contents lie. Wherever one of the longest is, there is room for another beside it: so one can be replaced while the
    /// old one stays until the new one is whole.
    /// </summary>
    public const int Room = 3 * Longest;

    // Of all contents, where it is not one alone that is longer. As places are taken from the lowest on, it is about what the
    // memory grows to.
    const int MostBytes = 1024 * 1024;

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
        ReadOnlySpan<SnapshotState> rows = _memory.Snapshots;
        int lowest = IsFree(rows, 0, length) ? 0 : Room;
        foreach (ref readonly SnapshotState row in rows)
        {
            if (row.IsTaken && row.End < lowest && IsFree(rows, row.End, length))
            {
                lowest = row.End;
            }
        }

        return lowest + length <= Room ? lowest : -1;
    }

    static bool IsFree(ReadOnlySpan<SnapshotState> rows, int start, int length)
    {
        foreach (ref readonly SnapshotState row in rows)
        {
            if (row.IsTaken && row.Start < start + length && start < row.End)
            {
                return false;
            }
        }

        return start + length <= Room;
    }

    int Bytes(Snapshot? except)
    {
        int bytes = except is null ? 0 : -except.Length;
        foreach (ref SnapshotState row in _memory.Snapshots)
        {
            bytes += row.IsTaken ? row.Length : 0;
        }

        return bytes;
    }

    Snapshot? LeastUsed(Snapshot? except)
    {
        Span<SnapshotState> rows = _memory.Snapshots;
        int least = -1;
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].IsTaken && _all[i] != except && (least < 0 || rows[i].LastUse < rows[least].LastUse))
            {
                least = i;
            }
        }

        return least < 0 ? null : _all[least];
    }
}
