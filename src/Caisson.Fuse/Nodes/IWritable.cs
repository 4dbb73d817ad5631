using Caisson.Kernel;

namespace Caisson.Fuse.Nodes;

/// <summary>A file that can be written. Each write(2) stands for itself, as in /proc/sys.</summary>
public interface IWritable
{
    /// <summary>Takes all of the data or none of it.</summary>
    Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data);
}
