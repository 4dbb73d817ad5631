using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// Directories into which people copy files of a running container (<c>docker cp</c>). The engine does that through its own
/// overlay over the same upper directory. What either overlay copies up later the other one does not see, as long as it has
/// the directory in its cache, and then cannot copy it up itself any more: writes in it fail with ENOTEMPTY until the next
/// start. So these are copied up by the engine's overlay before there is another one. One of them costs some 100 µs at the
/// first start and is an entry without content in a commit; engines do not count it as a change.
/// </summary>
static class SharedDirectories
{
    static readonly string[] Usual =
    [
        "/etc", "/home", "/opt", "/root", "/srv", "/tmp", "/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/local/lib", "/usr/local/etc",
        "/usr/local/share", "/usr/sbin", "/usr/share", "/var/lib", "/var/log", "/var/tmp", "/var/www/html",
    ];

    /// <param name="rootfs">The engine's overlay.</param>
    /// <param name="workingDirectory">The process's.</param>
    public static void CopyUp(Fd rootfs, string workingDirectory)
    {
        // What an image has as links leads nowhere else.
        RootedPath root = new(rootfs);
        foreach (string path in Usual.Append(workingDirectory))
        {
            if (root.TryOpen(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, out Fd? directory) == Errno.None)
            {
                using (directory)
                {
                    // Changes no owner, but is a change: the directory and those above it are copied up.
                    Nodes.ChangeOwner(directory!, uint.MaxValue, uint.MaxValue);
                }
            }
        }
    }
}
