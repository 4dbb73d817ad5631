using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// A place for mount(2), which needs names: an empty tmpfs in the mount namespace M1, which nobody else sees and whose old tree
/// is left behind at pivot_root.
/// </summary>
static class Staging
{
    /// <summary>The longest value of one option that fsconfig(2) takes.</summary>
    const int LongestValue = 255;

    /// <summary>Of all options together, for mount(2): one page, of which it drops the rest without a word.</summary>
    const int LongestOptions = 4095;

    static readonly string[] Places = ["/mnt", "/tmp", "/srv", "/opt", "/var"];

    /// <summary>Any directory that there is.</summary>
    public static Fd OpenPlace()
    {
        foreach (string candidate in Places)
        {
            if (OpenAt2.TryOpen(
                Fd.CurrentDirectory, candidate, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? place) == Errno.None)
            {
                return place!;
            }
        }

        throw new KernelException(Errno.ENOENT, "open", string.Join(" or ", Places));
    }

    /// <summary>Covers a directory and makes it the working directory.</summary>
    public static void Enter(Fd place)
    {
        using FsContext tmpfs = FsContext.Open("tmpfs");
        tmpfs.SetString("mode", "0755");
        using Fd staging = tmpfs.CreateMount(MountAttributes.MOUNT_ATTR_NOSUID | MountAttributes.MOUNT_ATTR_NODEV);
        MountTree.Attach(staging, place, "the staging directory");
        WorkingDirectory.Change(staging, "the staging directory");
    }

    /// <summary>Mounts a new file system on a name below the working directory.</summary>
    public static Fd Mount(string type, string source, string name, string options)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(options);
        if (length > LongestOptions)
        {
            throw new KernelException(Errno.E2BIG, $"mount {type}", $"{length} bytes of options, of which {LongestOptions} are taken");
        }

        Directories.TryMake(Fd.CurrentDirectory, name, 0x1ED /* 0755 */);
        Errno errno = Kernel.Mounts.Mount.TryNew(source, name, type, MountFlags.None, options);
        return errno == Errno.None
            ? OpenAt2.Open(name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY)
            : throw new KernelException(errno, $"mount {type}", options);
    }

    /// <summary>Is there an option that only mount(2) takes?</summary>
    public static bool IsNeededFor(MountOptions options) =>
        options.Data.Any(data => data.Value is { } value && System.Text.Encoding.UTF8.GetByteCount(value) > LongestValue);
}
