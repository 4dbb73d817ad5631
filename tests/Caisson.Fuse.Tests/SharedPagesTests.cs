using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests;

/// <summary>What is told to others while one reader's pages are in use; without a kernel, so that the order is sure.</summary>
public sealed class SharedPagesTests
{
    readonly StoredFile _stored = new("ten bytes\n");
    readonly Unmounted _server;
    ulong _unique = 100;

    public SharedPagesTests() => _server = new Unmounted(new FuseFile("file", 0x1A4, _stored));

    [Fact]
    public void Both_are_told_to_read_and_the_file_keeps_its_end_until_the_reader_has_closed()
    {
        ulong reader = Open();
        Assert.Equal(Errno.None, ReadPage(reader));
        _server.Notifications.Clear();

        _stored.Write(default, 0, "twenty bytes, a line"u8);
        ulong other = Open();
        Assert.Equal(Errno.EINVAL, ReadPage(other));
        // A notification has come in between, after which the end of an answer that was asked for before would be disregarded.
        Assert.Equal(Errno.EINVAL, ReadPage(reader));
        // Without a byte of content, with which the size would grow.
        Assert.All(_server.Notifications, it => Assert.Equal(16 + 24, it.Length));
        Assert.Equal((10ul, 0ul), Size());

        Release(reader);
        Release(other);
        ulong last = Open();
        Assert.Contains(_server.Notifications, it => it.Length == 16 + 24 + 1);
        Assert.Equal(Errno.None, ReadPage(last));
        Assert.Equal(20ul, Size().Size);
    }

    [Fact]
    public void Two_who_are_shown_the_same_both_use_pages()
    {
        ulong first = Open();
        ulong second = Open();

        Assert.Equal(Errno.None, ReadPage(first));
        Assert.Equal(Errno.None, ReadPage(second));
        Assert.Equal(Errno.None, ReadPage(first));
    }

    ulong Open() => Unmounted.BodyOf<fuse_open_out>(_server.Ask(RequestBytes.Valid(Opcode.FUSE_OPEN, ++_unique, Id))!).fh;

    Errno ReadPage(ulong handle) => Ask(Opcode.FUSE_READ, new fuse_read_in { fh = handle, size = 4096 });

    void Release(ulong handle) => Assert.Equal(Errno.None, Ask(Opcode.FUSE_RELEASE, new fuse_release_in { fh = handle }));

    (ulong Size, ulong ValidFor) Size()
    {
        fuse_attr_out attributes = Unmounted.BodyOf<fuse_attr_out>(
            _server.Ask(RequestBytes.Valid(Opcode.FUSE_GETATTR, ++_unique, Id))!);
        return (attributes.attr.size, attributes.attr_valid);
    }

    Errno Ask<T>(Opcode opcode, T body) where T : unmanaged =>
        Unmounted.ErrnoOf(_server.Ask(RequestBytes.Of(opcode, ++_unique, Id, RequestBytes.Of(body)))!);

    ulong Id => _server.IdOf("file");
}
