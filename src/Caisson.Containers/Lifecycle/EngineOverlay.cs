using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// The overlay that the engine keeps mounted while a container runs on another one with the same upper directory. Engines look
/// through it for <c>docker cp</c>, <c>export</c> and, where they do not trust the kernel's layers, <c>diff</c> and
/// <c>commit</c>; of directories that they have looked at before they see what the kernel remembers.
/// </summary>
static class EngineOverlay
{
    /// <summary>
    /// Makes it forget what nobody holds open. Called where engines call us before or after changes: <c>pause</c>, which a
    /// commit begins with, and <c>exec</c>. Costs some 50 µs; it is no failure where it cannot be done.
    /// </summary>
    public static void Refresh(ContainerState state)
    {
        const OpenFlags directory = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY;
        if (state.Isolation != Isolation.System
            || OpenAt2.TryOpen(Fd.CurrentDirectory, state.Rootfs, directory, ResolveFlags.None, 0, out Fd? rootfs) != Errno.None)
        {
            return;
        }

        using (rootfs)
        {
            // Below a directory that is not mounted lies some other file system, perhaps the machine's own.
            if (Stat.Of(rootfs!).IsMountRoot && FileSystems.MagicOf(rootfs!) == FileSystems.OVERLAYFS_SUPER_MAGIC)
            {
                _ = FsContext.TryReconfigure(rootfs!);
            }
        }
    }
}
