using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.FuseProcess;

/// <summary>A value that outlives each server, replaced as a whole.</summary>
sealed class StoredOnDisk(string path) : IReadable, IWritable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        content.Append(File.ReadAllBytes(path));
        return Errno.None;
    }

    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data)
    {
        File.WriteAllBytes($"{path}.new", data);
        File.Move($"{path}.new", path, overwrite: true);
        return Errno.None;
    }
}
