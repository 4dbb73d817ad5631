namespace Caisson.Fuse.Nodes;

/// <summary>The content that one open file shows.</summary>
sealed class Snapshot
{
    public ContentBuffer Content { get; set; } = new();

    public Node? Node { get; set; }

    /// <summary>Who opened the file or read it from its start last.</summary>
    public int Pid { get; set; }

    /// <summary>Nothing of it has been read, and it is as new as the open: the first read from the start shows it.</summary>
    public bool IsFresh { get; set; }

    /// <summary>Its reader's pages come from it (sendfile, mmap).</summary>
    public bool IsPaged { get; set; }

    /// <summary>Its own reader has written to the file and is to see what came of it, wherever it reads on.</summary>
    public bool IsOutdated { get; set; }

    /// <summary>By Stopwatch.</summary>
    public long MadeAt { get; set; }

    /// <summary>When it was used, by the pool's count.</summary>
    public ulong LastUse { get; set; }
}
