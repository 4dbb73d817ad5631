using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;

namespace Caisson.Fuse.Tests;

/// <summary>With the kernel: servers end at a request of one kind, and nobody notices.</summary>
public sealed class SuccessionTests
{
    const string Content = "content";

    public static TheoryData<string> Opcodes =>
    [
        "FUSE_INIT", "FUSE_LOOKUP", "FUSE_GETATTR", "FUSE_SETATTR", "FUSE_STATFS", "FUSE_OPENDIR", "FUSE_READDIRPLUS",
        "FUSE_RELEASEDIR", "FUSE_OPEN", "FUSE_READ", "FUSE_WRITE", "FUSE_RELEASE", "FUSE_MKDIR", "FUSE_UNLINK", "22", "25",
    ];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_server_that_ends_before_it_answers_is_not_missed(string name) =>
        UseAll(Enum.Parse<Opcode>(name), opcode => Once(opcode), _ => _ => false);

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_server_that_ends_when_it_has_answered_is_not_missed(string name) =>
        UseAll(Enum.Parse<Opcode>(name), _ => _ => false, opcode => Once(opcode));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_for_each_request_is_enough(bool before)
    {
        bool ended = false;
        Func<Opcode, bool> everySecond = _ => ended = !ended;
        using Mounted mounted = before
            ? new(everySecond, _ => false, new FuseFile("file", 0x1A4, new StoredFile(Content)))
            : new(_ => false, everySecond, new FuseFile("file", 0x1A4, new StoredFile(Content)));
        UseFile(mounted);
        Assert.True(mounted.Servers > 10);
        Assert.Empty(mounted.Log);
    }

    [Fact]
    public void A_request_that_no_server_survives_is_EIO_and_the_next_one_is_served()
    {
        using Mounted mounted = new(opcode => opcode == Opcode.FUSE_STATFS, _ => false, TestFile.Of("file", Content));

        Assert.Equal(-5, Posix.StatFileSystem(mounted.PathOf("file")));
        Assert.Equal(Content, File.ReadAllText(mounted.PathOf("file")));
        Assert.Equal(4, mounted.Servers - 1);
    }

    static void UseAll(Opcode opcode, Func<Opcode, Func<Opcode, bool>> before, Func<Opcode, Func<Opcode, bool>> after)
    {
        using Mounted mounted = new(before(opcode), after(opcode), new FuseFile("file", 0x1A4, new StoredFile(Content)));
        UseFile(mounted);
        Assert.Equal(2, mounted.Servers);
        Assert.Empty(mounted.Log);
    }

    static void UseFile(Mounted mounted)
    {
        string path = mounted.PathOf("file");
        Assert.Equal(Content, File.ReadAllText(path));
        Assert.Equal("file", Path.GetFileName(Assert.Single(Directory.GetFiles(mounted.Root))));
        int fd = Posix.Open(path, Posix.O_RDWR);
        Assert.Equal(Content.Length, Posix.SizeOf(fd));
        Assert.Equal(3, Posix.Read(fd, new byte[3]));
        Assert.Equal(Content.Length - 3, Posix.Read(fd, new byte[100]));
        Assert.Equal(0, Posix.Read(fd, new byte[100]));
        Assert.Equal(3, Posix.WriteAt(fd, "new"u8, 0));
        Assert.Equal(3, Posix.ReadAt(fd, new byte[100], 0));
        Assert.Equal(0, Posix.Truncate(fd, 3));
        Assert.Equal(0, Posix.StatFileSystem(path));
        Assert.Equal(-95, Posix.GetXattr(path, "user.x"));
        Assert.Equal(0, Posix.Close(fd));
        Assert.Equal(-1, Posix.MakeDirectory(mounted.PathOf("new")));
        Assert.Equal(-1, Posix.Unlink(path));
        Assert.Equal("new", File.ReadAllText(path));
    }

    static Func<Opcode, bool> Once(Opcode opcode)
    {
        bool done = false;
        return it => !done && it == opcode && (done = true);
    }
}
