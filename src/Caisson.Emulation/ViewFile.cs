using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation;

/// <summary>Makes the content of a view for the reader who stands there.</summary>
delegate void ViewContent(Viewpoint from, ContentBuffer content);

/// <summary>A file that is computed at each reading.</summary>
sealed class ViewFile(Viewpoint from, ViewContent make) : IReadable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        from.MoveTo(caller.Pid);
        make(from, content);
        return Errno.None;
    }
}
