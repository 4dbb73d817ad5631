namespace Caisson.Fuse.Nodes;

/// <summary>
/// The fh that an open file has with the kernel. It may outlive the server that gave it out, and the snapshot that belongs to
/// it. So it says itself how long the content was that its reader has begun with.
/// </summary>
readonly record struct FileHandle(ulong Value)
{
    const int LengthBits = 24;
    const ulong NoLength = (1 << LengthBits) - 1;

    public FileHandle(ulong serial, long? length) : this((serial << LengthBits) | Math.Min((ulong)(length ?? long.MaxValue), NoLength))
    {
    }

    /// <summary>Null where it is not known: opened for writing, or longer than 16 MiB.</summary>
    public long? Length => (Value & NoLength) == NoLength ? null : (long)(Value & NoLength);
}
