using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Tests;

public sealed class EmulatedTreeTests
{
    [Fact]
    public void Every_readable_file_can_be_read_by_a_process_outside_of_the_container()
    {
        EmulatedTree tree = new(TestContainer.View([]), TestContainer.Values(), _ => { });
        foreach (FuseFile file in tree.Files)
        {
            if (file.Content is IReadable readable)
            {
                ContentBuffer content = new();
                Assert.Equal(Errno.None, readable.Read(new Caller(Environment.ProcessId, 0, 0), content));
            }
        }
    }
}
