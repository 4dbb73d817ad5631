using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Tests;

namespace Caisson.Fuse.Tests;

/// <summary>What is refused, and how.</summary>
public sealed class AccessTests : IDisposable
{
    const string Content = "content";

    readonly StoredFile _stored = new(Content);
    readonly Mounted _mounted;

    public AccessTests() => _mounted = new Mounted(
        new FuseFile("file", 0x1A4, _stored),
        new FuseFile("readable", 0x124, new TestFile(Content)),
        new FuseFile("writable", 0x80, new OnlyWritable()),
        new FuseFile("secret", 0x100, new TestFile(Content)),
        new FuseFile("silent", 0x1A4, new Silent()),
        new FuseFile("failing", 0x1A4, new Failing()),
        new FuseFile("throwing", 0x1A4, new Throwing()));

    public void Dispose() => _mounted.Dispose();

    [Fact]
    public void What_a_file_is_not_it_is_not_opened_for()
    {
        Assert.Equal(Errno.EACCES, TryOpen("readable", Posix.O_WRONLY));
        Assert.Equal(Errno.EACCES, TryOpen("readable", Posix.O_RDWR));
        Assert.Equal(Errno.EACCES, TryOpen("writable", Posix.O_RDONLY));
        Assert.Equal(Errno.None, TryOpen("writable", Posix.O_WRONLY));
    }

    [Theory]
    [InlineData("readable", true)]
    [InlineData("secret", false)]
    public void The_kernel_checks_modes_for_others(string name, bool isOpen)
    {
        string[] arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", "cat"];
        // Through standard input, as another user may not look into this process's descriptors.
        CommandResult result = Command.Run(
            "sh", ["-c", "cd \"$0\" && shift 0 && exec setpriv \"$@\"", _mounted.Root, .. arguments, $"./{name}"]);

        Assert.Equal(isOpen ? Content : "", result.Output);
        Assert.Equal(isOpen, result.ExitCode == 0);
    }

    [Fact]
    public void The_directory_stays_as_it_is()
    {
        Assert.Equal(-(int)Errno.EPERM, Posix.Open(_mounted.PathOf("new"), Posix.O_WRONLY | Posix.O_CREAT));
        Assert.Equal(-(int)Errno.EPERM, Posix.MakeDirectory(_mounted.PathOf("new")));
        Assert.Equal(-(int)Errno.EPERM, Posix.Symlink("x", _mounted.PathOf("new")));
        Assert.Equal(-(int)Errno.EPERM, Posix.Link(_mounted.PathOf("file"), _mounted.PathOf("new")));
        Assert.Equal(-(int)Errno.EPERM, Posix.Rename(_mounted.PathOf("file"), _mounted.PathOf("new")));
        Assert.Equal(-(int)Errno.EPERM, Posix.Unlink(_mounted.PathOf("file")));
    }

    [Fact]
    public void Modes_and_owners_stay_as_they_are()
    {
        Assert.Equal(-(int)Errno.EPERM, Posix.ChangeMode(_mounted.PathOf("file"), 0x1FF));
        Assert.Equal(-(int)Errno.EPERM, Posix.ChangeOwner(_mounted.PathOf("file"), 1, 1));
    }

    [Fact]
    public void There_are_no_extended_attributes() =>
        Assert.Equal(-(int)Errno.EOPNOTSUPP, Posix.GetXattr(_mounted.PathOf("file"), "user.x"));

    [Fact]
    public void A_shared_mapping_is_refused_as_in_proc()
    {
        int fd = Posix.Open(_mounted.PathOf("file"), Posix.O_RDONLY);
        Assert.Equal(Errno.ENODEV, Posix.TryMapShared(fd));
        Posix.Close(fd);
    }

    [Theory]
    [InlineData("file", Poll.POLLIN | Poll.POLLOUT)]
    [InlineData("silent", Poll.POLLOUT)]
    public void Who_waits_for_a_file_finds_it_ready_unless_it_is_silent(string name, short ready)
    {
        int fd = Posix.Open(_mounted.PathOf(name), Posix.O_RDWR);
        Span<pollfd> fds = [new() { fd = fd, events = Poll.POLLIN | Poll.POLLOUT | Poll.POLLPRI }];

        Assert.Equal(1, Poll.Wait(fds, 0));
        Assert.Equal(ready, fds[0].revents);
        fds[0].events = Poll.POLLIN;
        Assert.Equal(ready & Poll.POLLIN, Poll.Wait(fds, 10));
        Posix.Close(fd);
    }

    [Fact]
    public void Appending_writes_from_the_beginning_as_to_a_sysctl()
    {
        File.ReadAllText(_mounted.PathOf("file"));
        int fd = Posix.Open(_mounted.PathOf("file"), Posix.O_WRONLY | Posix.O_APPEND);
        Assert.Equal(1, Posix.Write(fd, "1"u8));
        Assert.Equal(2, Posix.Write(fd, "23"u8));
        Posix.Close(fd);

        Assert.Equal("23"u8, _stored.Content);
    }

    [Fact]
    public void An_errno_of_a_file_is_what_read_and_write_say_and_open_is_not_in_the_way()
    {
        int fd = Posix.Open(_mounted.PathOf("failing"), Posix.O_RDWR);
        Assert.Equal(-(long)Errno.ENXIO, Posix.Read(fd, new byte[10]));
        Assert.Equal(-(long)Errno.ENXIO, Posix.ReadAt(fd, new byte[10], 5));
        Assert.Equal(-(long)Errno.EDOM, Posix.Write(fd, "x"u8));
        Posix.Close(fd);
        Assert.Empty(_mounted.Log);
    }

    [Fact]
    public void An_exception_is_EIO_for_one_request_and_one_line_in_the_log()
    {
        int fd = Posix.Open(_mounted.PathOf("throwing"), Posix.O_WRONLY);
        Assert.Equal(-(long)Errno.EIO, Posix.Write(fd, "x"u8));
        Posix.Close(fd);

        string line = Assert.Single(_mounted.Log);
        Assert.Contains(nameof(Opcode.FUSE_WRITE), line);
        Assert.Contains("written by a bug", line);
        Assert.Equal(Content, File.ReadAllText(_mounted.PathOf("file")));
    }

    [Fact]
    public void The_caller_is_told_by_thread_and_user()
    {
        Caller seen = default;
        using Mounted mounted = new(new FuseFile("file", 0x124, new TestFile(caller =>
        {
            seen = caller;
            return "x";
        })));
        string thread = Path.GetFileName(File.ResolveLinkTarget("/proc/thread-self", false)!.FullName);
        File.ReadAllText(mounted.PathOf("file"));

        Assert.Equal(new Caller(int.Parse(thread), 0, 0), seen);
    }

    Errno TryOpen(string name, int flags)
    {
        int fd = Posix.Open(_mounted.PathOf(name), flags);
        if (fd >= 0)
        {
            Posix.Close(fd);
        }

        return fd >= 0 ? Errno.None : (Errno)(-fd);
    }

    sealed class Silent : IReadable, IWritable, ISilent
    {
        public Errno Read(Caller caller, ContentBuffer content) => Errno.None;

        public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => Errno.None;
    }

    sealed class OnlyWritable : IWritable
    {
        public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => Errno.None;
    }

    sealed class Failing : IReadable, IWritable
    {
        public Errno Read(Caller caller, ContentBuffer content)
        {
            content.Append("half of"u8);
            return Errno.ENXIO;
        }

        public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => Errno.EDOM;
    }

    sealed class Throwing : IReadable, IWritable
    {
        public Errno Read(Caller caller, ContentBuffer content) => throw new InvalidOperationException("read by a bug");

        public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) =>
            throw new InvalidOperationException("written by a bug");
    }
}
