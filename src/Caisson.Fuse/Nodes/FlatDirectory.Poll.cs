using Caisson.Fuse.Protocol;
using Caisson.Kernel;

namespace Caisson.Fuse.Nodes;

sealed partial class FlatDirectory
{
    // Of poll(2), as the kernel's default for files that cannot be waited for (DEFAULT_POLLMASK of linux/poll.h).
    const uint ReadyForReading = 0x1 | 0x40;
    const uint ReadyForWriting = 0x4 | 0x100;

    /// <summary>Nobody is ever woken: what is not ready now never will be.</summary>
    public Errno Poll(in RequestReader request, ReplyWriter reply)
    {
        if (!TryFind(request.Header.nodeid, out Node? node))
        {
            return Errno.ENOENT;
        }

        uint ready = node.File.Content is ISilent ? ReadyForWriting : ReadyForReading | ReadyForWriting;
        reply.Write(new fuse_poll_out { revents = request.Input<fuse_poll_in>().events & ready });
        return Errno.None;
    }
}
