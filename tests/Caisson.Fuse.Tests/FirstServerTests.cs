using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Fuse.Tests;

/// <summary>The server that answers a container's creation: it tells names and has to be cheap.</summary>
public sealed class FirstServerTests
{
    [Fact]
    public void Who_only_lists_leaves_the_memory_for_contents_as_it_was()
    {
        using Fd file = MemoryFile.Create("fuse-tests", []);
        FuseMemory memory = Mounted.NewMemory(file);
        memory.Forget();
        FuseServer server = new(Fd.Borrow(-1), memory, [TestFile.Of("file", "x")], 0, 0, Assert.Fail, (_, _) => Errno.None);
        foreach (Opcode opcode in new[] { Opcode.FUSE_INIT, Opcode.FUSE_OPENDIR, Opcode.FUSE_READDIRPLUS, Opcode.FUSE_RELEASEDIR, Opcode.FUSE_LOOKUP })
        {
            server.Handle(RequestBytes.Valid(opcode, (ulong)opcode, 1));
        }

        server.Handle(RequestBytes.Of(Opcode.FUSE_GETATTR, 100, 1, RequestBytes.Of(new fuse_getattr_in())));
        Assert.Equal(-(long)Errno.ENXIO, Posix.Seek(file.Number, Mounted.Contents, Posix.SEEK_DATA));
        Assert.NotEqual(0, memory.State.Created);
    }

    [Fact]
    public void What_was_left_for_another_connection_is_forgotten()
    {
        Unmounted server = new(TestFile.Of("file", "content"));
        byte[] open = server.Ask(RequestBytes.Valid(Opcode.FUSE_OPEN, 10, server.IdOf("file")))!;
        Assert.True(server.Memory.Snapshots[0].IsTaken);

        server.Memory.Forget();
        server.Replace();
        byte[] again = server.Ask(RequestBytes.Valid(Opcode.FUSE_OPEN, 10, server.IdOf("file")))!;
        Assert.Equal(Errno.None, Unmounted.ErrnoOf(open));
        Assert.Equal(Errno.None, Unmounted.ErrnoOf(again));
        Assert.Equal(1ul, server.Memory.State.Opened);
        Assert.False(server.Memory.Snapshots[1].IsTaken);
    }
}
