using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Text;

/// <summary>A file that always says the same.</summary>
sealed class FixedText(byte[] text) : IReadable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        content.Append(text);
        return Errno.None;
    }
}
