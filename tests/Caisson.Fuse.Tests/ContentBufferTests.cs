using Caisson.Fuse.Nodes;

namespace Caisson.Fuse.Tests;

public sealed class ContentBufferTests
{
    [Fact]
    public void Append_GrowsAndAligns()
    {
        ContentBuffer content = new();
        for (int i = 0; i < 1000; i++)
        {
            content.Append("x"u8);
        }

        content.Clear();
        content.Append(-12, 6).Append((byte)' ').Append(12345, 2);

        Assert.Equal("   -12 12345"u8, content.Bytes);
    }
}
