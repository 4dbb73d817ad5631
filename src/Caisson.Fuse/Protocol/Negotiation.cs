using Caisson.Kernel;
using static Caisson.Fuse.Protocol.FuseFlags;

namespace Caisson.Fuse.Protocol;

/// <summary>
/// FUSE_INIT, the first request of a connection. What is agreed does not have to be remembered: every kernel that Caisson
/// runs on (5.19 and later) knows all of it.
/// </summary>
static class Negotiation
{
    /// <summary>With its structs, the longest request that the kernel may send fits into the smallest buffer it allows.</summary>
    public const int MaxWrite = 4096;

    // Of Linux 5.19. A later kernel keeps to what a server of this version understands.
    const uint Minor = 36;

    // Asked of the kernel:
    //   Not FUSE_ATOMIC_O_TRUNC: after an open with O_TRUNC the kernel would take the file for empty, whatever the answer is, and
    //   sendfile and mmap would find nothing in a sysctl, which keeps its value. As a FUSE_SETATTR of its own the truncation is
    //   answered with the size that there is.
    //   A listing carries attributes (FUSE_READDIRPLUS), so that what has been listed is found without FUSE_LOOKUP; always,
    //   and not as its guess would have it (FUSE_READDIRPLUS_AUTO).
    const uint Wanted = FUSE_BIG_WRITES | FUSE_DO_READDIRPLUS | FUSE_PARALLEL_DIROPS;

    public static Errno Initialize(in RequestReader request, ReplyWriter reply)
    {
        fuse_init_in input = request.Input<fuse_init_in>();
        if (input.major < FUSE_KERNEL_VERSION || (input.major == FUSE_KERNEL_VERSION && input.minor < Minor))
        {
            return Errno.EPROTO;
        }

        reply.Write(new fuse_init_out
        {
            // A kernel with a later major number asks again with this one.
            major = FUSE_KERNEL_VERSION,
            minor = Minor,
            max_readahead = input.max_readahead,
            flags = input.flags & Wanted,
            max_write = MaxWrite,
            time_gran = 1,
        });
        return Errno.None;
    }
}
