using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Fuse.Protocol;

/// <summary>Does what one request asks and writes the answer's body; an errno is answered instead of it.</summary>
delegate Errno Handler(FlatDirectory files, in RequestReader request, ReplyWriter reply);
