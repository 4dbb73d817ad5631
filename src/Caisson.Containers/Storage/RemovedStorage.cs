using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// Discarded storage: moved aside at once, so that its container id is free, and removed from there when there is time. A kill
/// leaves it to the next one who looks.
/// </summary>
static class RemovedStorage
{
    const string DirectoryName = "removed";

    /// <summary>Moves the directories of a container aside.</summary>
    public static void Take(string storageRoot, string containerId)
    {
        string aside = $"{storageRoot}/{DirectoryName}";
        Directories.MakeAll(aside, 0x1C0 /* 0700 */);
        foreach (StorageKind kind in StorageKinds.All)
        {
            MoveAside($"{storageRoot}/{kind.Name}/{containerId}", $"{aside}/{kind.Name}");
        }

        MoveAside($"{storageRoot}/arriving/{containerId}", $"{aside}/arriving");
    }

    /// <summary>Removes what was moved aside; false when the time was up.</summary>
    public static bool Empty(string storageRoot, long deadline)
    {
        Errno errno = OpenAt2.TryOpen(
            Fd.CurrentDirectory, $"{storageRoot}/{DirectoryName}", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0, 0, out Fd? aside);
        if (errno != Errno.None)
        {
            return errno == Errno.ENOENT ? true : throw new KernelException(errno, "open", storageRoot);
        }

        using (aside)
        {
            foreach (string name in Directories.List(aside!))
            {
                if (!TreeCopy.Remove(aside!, name, deadline))
                {
                    return false;
                }
            }
        }

        return true;
    }

    static void MoveAside(string directory, string aside)
    {
        for (int i = 0; ; i++)
        {
            Errno errno = Directories.TryRename(Fd.CurrentDirectory, directory, Fd.CurrentDirectory, $"{aside}~{i}");
            switch (errno)
            {
                case Errno.None or Errno.ENOENT:
                    return;
                case Errno.ENOTEMPTY or Errno.EEXIST:
                    continue;
                default:
                    throw new KernelException(errno, "rename", directory);
            }
        }
    }
}
