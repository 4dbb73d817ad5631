using Caisson.Kernel;

namespace Caisson.Fuse.Nodes;

/// <summary>A file that can be read. Its whole content is made at once, when it is opened or read again from its start.</summary>
public interface IReadable
{
    /// <summary>Appends the content as this caller is to see it; an errno fails this one request.</summary>
    Errno Read(Caller caller, ContentBuffer content);
}
