namespace Caisson.Containers.Ids;

/// <summary>A run of host ids that one container's ids 0 … <paramref name="Size"/> - 1 stand for, as uids and as gids.</summary>
public readonly record struct IdRange(uint Start, uint Size)
{
    /// <summary>One past the last id; 64 bits, as the last range may end at 2^32.</summary>
    public ulong End => (ulong)Start + Size;

    public bool Overlaps(IdRange other) => Start < other.End && other.Start < End;
}
