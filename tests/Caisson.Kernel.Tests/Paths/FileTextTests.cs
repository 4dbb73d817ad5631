using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests.Paths;

public sealed class FileTextTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_is_read_whole()
    {
        string content = string.Concat(Enumerable.Repeat("é0123456789\n", 10_000));
        _directory.MakeFile("file", content);

        Assert.Equal(content, FileText.Read(_directory.PathOf("file")));
        Assert.Equal(content, FileText.Read(_directory.Fd, "file"));
    }

    [Fact]
    public void A_missing_file_is_null_where_that_is_an_answer_and_an_error_elsewhere()
    {
        _directory.MakeFile("file");

        Assert.Null(FileText.TryRead(_directory.Fd, "missing"));
        Assert.Null(FileText.TryRead(_directory.Fd, "file/below"));
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => FileText.Read(_directory.Fd, "missing")).Errno);
    }

    [Fact]
    public void Reading_a_directory_is_an_error_that_names_it()
    {
        _directory.MakeDirectory("below");

        KernelException failure = Assert.Throws<KernelException>(() => FileText.TryRead(_directory.Fd, "below"));
        Assert.Equal((Errno.EISDIR, "below"), (failure.Errno, failure.Subject));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 100)]
    [InlineData(8192, 8192)]
    [InlineData(8193, 20000)]
    [InlineData(20000, 20000)]
    public void A_file_up_to_the_limit_is_read(int size, int limit) => Assert.Equal(size, ReadBytes(size, limit).Length);

    [Theory]
    [InlineData(101, 100)]
    [InlineData(8193, 8192)]
    [InlineData(20001, 20000)]
    public void A_byte_more_than_the_limit_is_EFBIG(int size, int limit) =>
        Assert.Equal(Errno.EFBIG, Assert.Throws<KernelException>(() => ReadBytes(size, limit)).Errno);

    [Fact]
    public void Writing_needs_an_existing_file_and_its_errno_is_the_answer()
    {
        _directory.MakeFile("file");

        Assert.Equal(Errno.None, FileText.TryWrite(_directory.Fd, "file", "+memory"));
        Assert.Equal("+memory", File.ReadAllText(_directory.PathOf("file")));
        Assert.Equal(Errno.ENOENT, FileText.TryWrite(_directory.Fd, "missing", "1"));
        KernelException failure = Assert.Throws<KernelException>(() => FileText.Write(_directory.Fd, "missing", "1\n"));
        Assert.Equal("write \"1\" to 'missing': No such file or directory (ENOENT)", failure.Message);
    }

    [Fact]
    public void Replacing_puts_a_new_file_of_the_wanted_mode_in_place()
    {
        _directory.MakeFile("state", "old");
        using Fd old = OpenAt2.Open(_directory.Fd, "state", OpenFlags.O_RDONLY);

        FileText.Replace(_directory.Fd, "state", "new"u8, 0x100 /* 0400 */);

        Assert.Equal("old"u8, FileText.ReadBytes(old, "state"));
        Assert.Equal("new", File.ReadAllText(_directory.PathOf("state")));
        using Fd replaced = OpenAt2.Open(_directory.Fd, "state", OpenFlags.O_PATH);
        Assert.Equal(0x100u, Stat.Of(replaced).Permissions);
        Assert.Equal(["state"], Directories.List(_directory.Fd));
    }

    [Fact]
    public void Replacing_survives_what_an_interrupted_one_left_behind()
    {
        _directory.MakeFile(".state.new", "half of something much longer");

        FileText.Replace(_directory.Fd, "state", "new"u8);

        Assert.Equal("new", File.ReadAllText(_directory.PathOf("state")));
    }

    [Fact]
    public void Replacing_does_not_write_through_a_link()
    {
        _directory.MakeFile("outside", "kept");
        _directory.MakeLink(".state.new", "outside");

        Assert.Equal(Errno.ELOOP, Assert.Throws<KernelException>(() => FileText.Replace(_directory.Fd, "state", "new"u8)).Errno);
        Assert.Equal("kept", File.ReadAllText(_directory.PathOf("outside")));
    }

    [Fact]
    public void A_memory_file_is_read_from_its_beginning_up_to_a_limit()
    {
        using Fd file = MemoryFile.Create("test", "content"u8);

        Assert.Equal("content"u8, MemoryFile.ReadAll(file, 100));
        Assert.Equal("cont"u8, MemoryFile.ReadAll(file, 4));
    }

    byte[] ReadBytes(int size, int limit)
    {
        File.WriteAllBytes(_directory.PathOf("sized"), new byte[size]);
        using Fd file = OpenAt2.Open(_directory.Fd, "sized", OpenFlags.O_RDONLY);
        return FileText.ReadBytes(file, "sized", limit);
    }
}
