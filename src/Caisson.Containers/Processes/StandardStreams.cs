using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Processes;

/// <summary>
/// Descriptors 0 to 2 that a process inherits from the command. They are given to its user, so that /dev/stdout can be opened
/// again inside; a shared device such as /dev/null is not.
/// </summary>
static class StandardStreams
{
    public static void GiveTo(uint hostUid)
    {
        for (int number = 0; number < 3; number++)
        {
            using Fd stream = Fd.Borrow(number);
            if (Stat.TryOfDescriptor(stream, out statx stat) != Errno.None
                || stat.stx_uid == hostUid || stat.Kind is FileKind.CharacterDevice or FileKind.BlockDevice)
            {
                continue;
            }

            try
            {
                Nodes.ChangeOwner(stream, hostUid, uint.MaxValue);
            }
            catch (KernelException failure) when (failure.Errno is Errno.EPERM or Errno.EINVAL or Errno.EROFS)
            {
                // A read-only file, an id that the file system cannot hold, a file sealed against it: the process may use the
                // descriptor all the same.
            }
        }
    }
}
