using System.Diagnostics;
using System.Text;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Kernel.Tests.Processes;

/// <summary>On a thread of its own, as its root directory would be every other test's.</summary>
public sealed class ThreadRootTests
{
    [Fact]
    public void Paths_are_resolved_as_at_another_root_and_the_threads_own_stays() => OnThread(root =>
    {
        using TemporaryDirectory other = new();
        Directory.CreateDirectory($"{other.Path}/sub/deep");
        File.WriteAllText($"{other.Path}/there", "");
        File.CreateSymbolicLink($"{other.Path}/sub/link", "/there");
        using Fd top = OpenDirectory(other.Path);
        using Fd sub = OpenDirectory($"{other.Path}/sub");
        ulong inode = Inode($"{other.Path}/there");

        Assert.Equal(inode, InodeOf(root, top, sub, "/there"));
        Assert.Equal(inode, InodeOf(root, top, sub, "/../../there"));
        Assert.Equal(inode, InodeOf(root, top, sub, "../there"));
        Assert.Equal(inode, InodeOf(root, top, sub, "../../../there"));
        Assert.Equal(inode, InodeOf(root, top, sub, "link"));
        Assert.Equal(inode, InodeOf(root, top, sub, "deep/../link"));
        Assert.Equal(Errno.ENOENT, Open(root, top, sub, "there"));
        Assert.Equal(Errno.ENOENT, Open(root, top, sub, "/proc/self"));
        Assert.Equal(Errno.ENOENT, Open(root, top, sub, ""));
        Assert.Equal(Errno.ENOTDIR, Open(root, top, sub, "/there/x"));
        Assert.Equal(Errno.ENOTDIR, Open(root, OpenPath($"{other.Path}/there"), sub, "/there"));
    });

    [Fact]
    public void A_mount_namespace_is_joined_without_its_root()
    {
        RequireRoot();
        // Started here: whatever thread the runtime starts for it would share the root directory of the one that it is started by.
        using Process process = Process.Start(
            new ProcessStartInfo("unshare", ["-m", "sh", "-c", "mount -t tmpfs none /mnt && mkdir /mnt/mine && echo && exec sleep 100"]) { RedirectStandardOutput = true })!;
        try
        {
            process.StandardOutput.ReadLine();
            OnThread(root => Join(root, process.Id));
        }
        finally
        {
            process.Kill();
        }
    }

    static void Join(ThreadRoot root, int pid)
    {
        using Fd own = Namespace.OpenOwn("mnt");
        using Fd theirs = Namespace.Open(pid, "mnt");
        using Fd top = root.JoinAndOpenRoot(theirs, "another");
        using Fd now = Namespace.OpenOwn("mnt");

        Assert.Equal(Stat.Of(theirs).stx_ino, Stat.Of(now).stx_ino);
        // Names lead where they led before; only calls that ask for the namespace notice.
        Assert.False(Directory.Exists("/mnt/mine"));
        Assert.Equal(Errno.EINVAL, Mount.TryUnmount("/mnt", 0));
        Assert.Equal(Errno.None, Open(root, top, top, "/mnt/mine"));
        Assert.Equal(Errno.ENOENT, root.TryUnmount(top, top, "/mnt/mine/x\0"u8, 0));
        Assert.Equal(Errno.None, root.TryUnmount(top, top, "mnt\0"u8, 0));
        Assert.Equal(Errno.ENOENT, Open(root, top, top, "/mnt/mine"));
        Assert.Throws<KernelException>(() => root.Join(OpenPath("/dev/null"), "none"));
        root.Join(own, "our own");
    }

    [Fact]
    public void A_path_without_its_end_is_refused() =>
        Assert.Throws<ArgumentException>(() => ThreadRoot.Open().TryUnmount(Fd.CurrentDirectory, Fd.CurrentDirectory, "/x"u8, 0));

    static void OnThread(Action<ThreadRoot> test)
    {
        RequireRoot();
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                ThreadRoot root = ThreadRoot.Open();
                root.Keep();
                WarmUp(root);
                statx before = Here();
                test(root);
                Assert.True(before.stx_mnt_id == Here().stx_mnt_id && before.IsSameInode(Here()), "the root is another one");
                Assert.Equal("/", Environment.CurrentDirectory);
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        });
        thread.Start();
        thread.Join();
        Assert.True(failure is null, $"{failure}");
    }

    static void RequireRoot() => Assert.SkipUnless(Environment.UserName == "root", "needs root: chroot and setns");

    // What is compiled just in time, and looks for its library by name, does so at the thread's own root.
    static void WarmUp(ThreadRoot root)
    {
        using Fd top = OpenDirectory("/");
        using Fd own = Namespace.OpenOwn("mnt");
        root.Join(own, "our own");
        root.TryUnmount(top, top, "/missing\0"u8, 0);
        Open(root, top, top, "/missing");
    }

    static statx Here()
    {
        using Fd root = OpenDirectory("/");
        return Stat.Of(root);
    }

    static Fd OpenDirectory(string path) => OpenAt2.Open(path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);

    static Fd OpenPath(string path) => OpenAt2.Open(path, OpenFlags.O_PATH);

    static ulong Inode(string path)
    {
        using Fd file = OpenPath(path);
        return Stat.Of(file).stx_ino;
    }

    static ulong InodeOf(ThreadRoot root, Fd top, Fd directory, string path)
    {
        Assert.Equal(Errno.None, root.TryOpen(top, directory, Encoding.UTF8.GetBytes(path + '\0'), OpenFlags.O_PATH, ResolveFlags.None, out Fd? fd));
        using (fd)
        {
            return Stat.Of(fd!).stx_ino;
        }
    }

    static Errno Open(ThreadRoot root, Fd top, Fd directory, string path)
    {
        Errno errno = root.TryOpen(top, directory, Encoding.UTF8.GetBytes(path + '\0'), OpenFlags.O_PATH, ResolveFlags.None, out Fd? fd);
        fd?.Dispose();
        return errno;
    }
}
