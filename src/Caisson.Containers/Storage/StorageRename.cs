using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Storage;

/// <summary>rename(2) between an engine's layer and our storage, also where the engine reaches its own by another mount.</summary>
static class StorageRename
{
    /// <summary>EXDEV is left for two file systems, and for one of which no mount shows both directories.</summary>
    public static Errno TryMove(Fd fromParent, string from, Fd toParent, string to) => Try(Directories.TryRename, fromParent, from, toParent, to);

    /// <summary>The two change places.</summary>
    public static Errno TryExchange(Fd oneParent, string one, Fd otherParent, string other) =>
        Try(Directories.TryExchange, oneParent, one, otherParent, other);

    public static Fd OpenParent(string path) => OpenAt2.Open(Path.GetDirectoryName(path)!, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);

    static Errno Try(Func<Fd, string, Fd, string, Errno> rename, Fd oneParent, string one, Fd otherParent, string other)
    {
        Errno errno = rename(oneParent, one, otherParent, other);
        if (errno != Errno.EXDEV || !CommonMount.TryOpen(oneParent, otherParent, out (Fd One, Fd Other) both))
        {
            return errno;
        }

        using (both.One)
        using (both.Other)
        {
            return rename(both.One, one, both.Other, other);
        }
    }
}
