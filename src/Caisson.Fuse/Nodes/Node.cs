using System.Text;

namespace Caisson.Fuse.Nodes;

/// <summary>A file and what is known about it.</summary>
sealed class Node
{
    public Node(FuseFile file)
    {
        File = file;
        Name = Encoding.UTF8.GetBytes(file.Name);
        Id = IdOf(Name);
        Readable = file.Content as IReadable;
        Writable = file.Content as IWritable;
    }

    public FuseFile File { get; }

    public byte[] Name { get; }

    /// <summary>Its nodeid and inode number.</summary>
    public ulong Id { get; }

    public IReadable? Readable { get; }

    public IWritable? Writable { get; }

    public CachedSize CachedSize { get; } = new();

    /// <summary>Of the content when it was last made; null before.</summary>
    public long? LastLength { get; set; }

    // Made from the name alone (FNV-1a): the kernel keeps it for as long as the mount is there, and the next server may have
    // other files. 32 bits, so that programs without large-file support can stat the file; never 1, which is the root's.
    static ulong IdOf(ReadOnlySpan<byte> name)
    {
        uint hash = 2166136261;
        foreach (byte one in name)
        {
            hash = (hash ^ one) * 16777619;
        }

        return hash | 0x8000_0000;
    }
}
