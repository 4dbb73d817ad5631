using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.FuseProcess;

/// <summary>So that there is time to interrupt a reader.</summary>
sealed class Slow : IReadable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        Thread.Sleep(500);
        content.Append("slow\n"u8);
        return Errno.None;
    }
}
