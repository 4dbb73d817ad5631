using Caisson.Kernel.Files;
using Caisson.Tests;

namespace Caisson.Kernel.Tests.Paths;

/// <summary>A root that an attacker has filled: whatever he links to what, nothing outside of it is met or made.</summary>
public sealed class RootedPathTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly Fd _rootFd;
    readonly RootedPath _root;

    public RootedPathTests()
    {
        _directory.MakeFile("outside/secret", "outside");
        _directory.MakeFile("secret", "beside");
        _directory.MakeFile("root/secret", "inside");
        _directory.MakeFile("root/etc/hosts", "hosts of the container");
        _rootFd = OpenAt2.Open(_directory.PathOf("root"), OpenFlags.O_PATH);
        _root = new RootedPath(_rootFd);
    }

    public void Dispose()
    {
        _rootFd.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("/secret")]
    [InlineData("../secret")]
    [InlineData("/../../../../../secret")]
    [InlineData("etc/../../secret")]
    [InlineData("./etc/.././secret/")]
    public void Dots_do_not_lead_out_of_the_root(string path) => Assert.Equal("inside", _root.TryReadText(path));

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("/../..")]
    public void The_root_is_its_own_parent(string path)
    {
        using Fd opened = _root.Open(path);

        Assert.True(Stat.Of(opened).IsSameInode(Stat.Of(_rootFd)));
    }

    [Theory]
    [InlineData("/etc/hosts")]
    [InlineData("../../../../../../../../etc/hosts")]
    public void A_link_is_followed_as_the_container_would(string target)
    {
        _directory.MakeLink("root/link", target);

        Assert.Equal("hosts of the container", _root.TryReadText("link"));
    }

    [Fact]
    public void A_directory_that_is_a_link_to_the_hosts_etc_is_the_containers_etc()
    {
        _directory.MakeLink("root/configuration", "/etc");

        Assert.Equal("hosts of the container", _root.TryReadText("/configuration/hosts"));
        Assert.Null(_root.TryReadText("/configuration/passwd"));
    }

    [Fact]
    public void A_loop_of_links_is_ELOOP()
    {
        _directory.MakeLink("root/a", "b");
        _directory.MakeLink("root/b", "/a");

        Assert.Equal(Errno.ELOOP, _root.TryOpen("a", OpenFlags.O_PATH, out _));
        Assert.Equal(Errno.ELOOP, Assert.Throws<KernelException>(() => _root.EnsureDirectory("a/below")).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<KernelException>(() => _root.EnsureFile("b")).Errno);
    }

    [Fact]
    public void A_magic_link_is_not_followed()
    {
        using Fd top = OpenAt2.Open("/", OpenFlags.O_PATH);

        Assert.Equal(Errno.ELOOP, new RootedPath(top).TryOpen("proc/self/cwd", OpenFlags.O_PATH, out _));
    }

    [Fact]
    public void Missing_parents_are_made_within_the_root()
    {
        using Fd made = _root.EnsureDirectory("/a/b/../c");

        Assert.True(Directory.Exists(_directory.PathOf("root/a/c")));
        // As the kernel walks it: b must exist for b/.. to mean a.
        Assert.True(Stat.Of(made).IsDirectory);
    }

    [Fact]
    public void A_directory_that_is_there_is_opened_as_it_is()
    {
        using Fd made = _root.EnsureDirectory("etc");

        Assert.True(File.Exists(_directory.PathOf("root/etc/hosts")));
    }

    [Theory]
    [InlineData("/../../outside/new")]
    [InlineData("../../../outside/new")]
    public void A_dangling_link_makes_its_target_within_the_root(string target)
    {
        _directory.MakeLink("root/dangling", target);

        using Fd made = _root.EnsureDirectory("dangling/below");

        Assert.True(Directory.Exists(_directory.PathOf("root/outside/new/below")));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void A_dangling_link_by_absolute_path_makes_the_same_path_within_the_root()
    {
        _directory.MakeLink("root/dangling", _directory.PathOf("outside/new"));

        using Fd made = _root.EnsureDirectory("dangling");

        Assert.True(Directory.Exists(_directory.PathOf("root") + _directory.PathOf("outside/new")));
        AssertOutsideIsUntouched();
    }

    [Fact]
    public void A_file_as_a_parent_is_ENOTDIR_and_stays_a_file()
    {
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<KernelException>(() => _root.EnsureDirectory("secret/below")).Errno);
        Assert.Equal("inside", File.ReadAllText(_directory.PathOf("root/secret")));
    }

    [Fact]
    public void A_missing_file_is_made_empty_with_its_parents()
    {
        _root.EnsureFile("/run/new/file").Dispose();

        Assert.Equal("", File.ReadAllText(_directory.PathOf("root/run/new/file")));
    }

    [Fact]
    public void A_file_that_is_there_keeps_its_content()
    {
        _root.EnsureFile("etc/hosts").Dispose();

        Assert.Equal("hosts of the container", File.ReadAllText(_directory.PathOf("root/etc/hosts")));
    }

    [Fact]
    public void A_file_behind_a_dangling_link_is_made_where_that_leads_in_the_root()
    {
        _directory.MakeLink("root/dangling", "../../outside/new");

        _root.EnsureFile("dangling").Dispose();
        Assert.True(File.Exists(_directory.PathOf("root/outside/new")));
        AssertOutsideIsUntouched();

        _directory.MakeLink("root/loop", "loop");
        Assert.Throws<KernelException>(() => _root.EnsureFile("loop"));
    }

    [Fact]
    public void Reading_a_fifo_a_directory_or_nothing_is_null_and_does_not_block()
    {
        Assert.Equal(0, Command.Run("mkfifo", [_directory.PathOf("root/fifo")]).ExitCode);

        Assert.Null(_root.TryReadText("fifo"));
        Assert.Null(_root.TryReadText("etc"));
        Assert.Null(_root.TryReadText("missing"));
    }

    [Fact]
    public void Reading_a_file_that_is_too_large_is_null()
    {
        File.WriteAllBytes(_directory.PathOf("root/large"), new byte[20001]);

        Assert.Null(_root.TryReadText("large", limit: 20000));
        Assert.Equal(20001, _root.TryReadText("large", limit: 20001)?.Length);
    }

    [Fact]
    public void A_directory_exchanged_for_a_link_meanwhile_leads_nowhere_else()
    {
        _directory.MakeDirectory("root/flip");
        _directory.MakeLink("root/flop", "../../outside");
        bool done = false;
        Thread attacker = new(() =>
        {
            while (!Volatile.Read(ref done))
            {
                // Without care for failures: the two names only have to change often.
                using Fd root = OpenAt2.Open(_directory.PathOf("root"), OpenFlags.O_PATH);
                Directories.TryRename(root, "flip", root, "kept");
                Directories.TryRename(root, "flop", root, "flip");
                Directories.TryRename(root, "flip", root, "flop");
                Directories.TryRename(root, "kept", root, "flip");
            }
        });
        attacker.Start();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                try
                {
                    _root.EnsureDirectory($"flip/{i}/below").Dispose();
                    _root.EnsureFile($"flip/{i}/file").Dispose();
                }
                catch (KernelException)
                {
                    // To be refused is as good as to be served; only the outside matters.
                }
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            attacker.Join();
        }

        AssertOutsideIsUntouched();
    }

    void AssertOutsideIsUntouched()
    {
        Assert.Equal([_directory.PathOf("outside/secret")], Directory.GetFileSystemEntries(_directory.PathOf("outside")));
        Assert.Equal(
            [_directory.PathOf("outside"), _directory.PathOf("root"), _directory.PathOf("secret")],
            Directory.GetFileSystemEntries(_directory.Path).Order(StringComparer.Ordinal));
    }
}
