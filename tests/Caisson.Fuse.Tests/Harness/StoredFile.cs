using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>A file that shows what is written to it. A write at the beginning replaces all, as a sysctl's does.</summary>
sealed class StoredFile(string content) : IReadable, IWritable
{
    const int Largest = 1 << 20;

    public byte[] Content { get; private set; } = System.Text.Encoding.UTF8.GetBytes(content);

    public Errno Read(Caller caller, ContentBuffer content)
    {
        content.Append(Content);
        return Errno.None;
    }

    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data)
    {
        if (offset > Largest)
        {
            return Errno.EFBIG;
        }

        byte[] before = offset == 0 ? [] : Content;
        byte[] after = new byte[Math.Max(before.Length, (int)offset + data.Length)];
        before.CopyTo(after, 0);
        data.CopyTo(after.AsSpan((int)offset));
        Content = after;
        return Errno.None;
    }
}
