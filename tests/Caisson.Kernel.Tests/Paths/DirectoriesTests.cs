using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests.Paths;

public sealed class DirectoriesTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Making_tells_whether_the_name_was_free()
    {
        Assert.True(Directories.TryMake(_directory.Fd, "new", 0x1C0));
        Assert.False(Directories.TryMake(_directory.Fd, "new", 0x1C0));
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => Directories.TryMake(_directory.Fd, "no/new", 0x1C0)).Errno);
    }

    [Fact]
    public void Making_all_parents_may_be_repeated()
    {
        Directories.MakeAll(_directory.PathOf("a/b/c"), 0x1C0);
        Directories.MakeAll(_directory.PathOf("a/b/c"), 0x1C0);

        Assert.True(Directory.Exists(_directory.PathOf("a/b/c")));
    }

    [Fact]
    public void A_list_has_all_names_but_the_two_dots()
    {
        string[] names = [.. Enumerable.Range(0, 700).Select(i => $"file with a rather long name {i:000}")];
        foreach (string name in names)
        {
            _directory.MakeFile(name);
        }

        Assert.Equal(names, Directories.List(_directory.Fd).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Removing_a_tree_removes_all_of_it()
    {
        _directory.MakeFile("tree/a/b/file");
        _directory.MakeFile("tree/.hidden");
        _directory.MakeDirectory("tree/empty");

        Directories.RemoveTree(_directory.Fd, "tree");

        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void Removing_a_tree_removes_links_and_not_what_they_lead_to()
    {
        _directory.MakeFile("outside/file", "kept");
        _directory.MakeDirectory("tree/below");
        _directory.MakeLink("tree/relative", "../outside");
        _directory.MakeLink("tree/below/absolute", _directory.PathOf("outside"));
        _directory.MakeLink("tree/below/file", "../../outside/file");
        _directory.MakeLink("tree/loop", "loop");

        Directories.RemoveTree(_directory.Fd, "tree");

        Assert.Equal("kept", File.ReadAllText(_directory.PathOf("outside/file")));
        Assert.False(Directory.Exists(_directory.PathOf("tree")));
    }

    [Fact]
    public void Removing_a_link_to_a_tree_leaves_the_tree()
    {
        _directory.MakeFile("outside/file", "kept");
        _directory.MakeLink("link", "outside");

        Directories.RemoveTree(_directory.Fd, "link");

        Assert.Equal(["outside"], Directories.List(_directory.Fd));
        Assert.True(File.Exists(_directory.PathOf("outside/file")));
    }

    [Fact]
    public void Removing_what_is_not_there_is_no_failure() => Directories.RemoveTree(_directory.Fd, "nothing");

    [Fact]
    public void Removing_one_file_removes_it()
    {
        _directory.MakeFile("file");

        Directories.RemoveTree(_directory.Fd, "file");

        Assert.Empty(Directories.List(_directory.Fd));
    }

    [Fact]
    public void Renaming_replaces_a_file_and_a_failure_names_both()
    {
        _directory.MakeFile("new", "new");
        _directory.MakeFile("old", "old");
        Directories.Rename(_directory.Fd, "new", _directory.Fd, "old");

        Assert.Equal("new", File.ReadAllText(_directory.PathOf("old")));
        KernelException failure = Assert.Throws<KernelException>(() => Directories.Rename(_directory.Fd, "no", _directory.Fd, "old"));
        Assert.Equal("rename 'no' to 'old': No such file or directory (ENOENT)", failure.Message);
    }
}
