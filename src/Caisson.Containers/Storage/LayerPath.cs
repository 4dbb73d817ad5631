using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>Directories below a layer, whose content is anybody's to write: no symbolic link is followed.</summary>
static class LayerPath
{
    public const OpenFlags Readable = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY;
    public const ResolveFlags Careful = ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_BENEATH;

    /// <summary>Null for what is not there, no directory, or a link.</summary>
    /// <param name="directory">A layer, or a directory in it.</param>
    /// <param name="path">Relative; "." or empty for the directory itself.</param>
    /// <param name="flags">Readable, unless it is only a place to go on from.</param>
    public static Fd? TryOpen(Fd directory, string path, OpenFlags flags = Readable)
    {
        Errno errno = OpenAt2.TryOpen(directory, path.Length == 0 ? "." : path, flags, Careful, 0, out Fd? found);
        return errno is Errno.None or Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP
            ? found
            : throw new KernelException(errno, "open", path);
    }
}
