using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>A file whose content a test sets, or which says something else each time.</summary>
sealed class TestFile(Func<Caller, string> render) : IReadable
{
    public TestFile(string content) : this(_ => content)
    {
    }

    public int Reads { get; private set; }

    public Errno Read(Caller caller, ContentBuffer content)
    {
        Reads++;
        content.Append(Encoding.UTF8.GetBytes(render(caller)));
        return Errno.None;
    }

    public static FuseFile Of(string name, string content) => new(name, 0x124, new TestFile(content));
}
