using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests;

/// <summary>What a server that ended at any instruction leaves to the next one; without a kernel, for each kind of request.</summary>
public sealed class ResumeTests
{
    const string Content = "content";

    readonly StoredFile _stored = new(Content);
    readonly Unmounted _servers;
    ulong _unique = 1000;

    public ResumeTests() => _servers = new Unmounted(new FuseFile("file", 0x1A4, _stored));

    public static TheoryData<string> Opcodes => [.. OpcodeTable.All.Select(it => it.Number.ToString()), "FUSE_ACCESS", "4711"];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_request_that_was_left_is_answered_once(string name)
    {
        Opcode opcode = name == "FUSE_ACCESS" ? (Opcode)34 : Enum.Parse<Opcode>(name);
        _servers.Leave(Valid(opcode, 10));
        _servers.Replace();
        _servers.Server.Resume();

        if (OpcodeTable.Find((uint)opcode) is { HasNoAnswer: true })
        {
            Assert.Empty(_servers.Answers);
        }
        else
        {
            Assert.Equal(10ul, Unmounted.HeaderOf(Assert.Single(_servers.Answers)).unique);
            Assert.NotEqual(Errno.EIO, Unmounted.ErrnoOf(_servers.Answers[0]));
        }

        _servers.Answers.Clear();
        _servers.Replace();
        _servers.Server.Resume();
        Assert.Empty(_servers.Answers);
        Assert.Equal(0, _servers.Memory.BusySince);
    }

    [Fact]
    public void Where_nothing_was_read_yet_nothing_is_resumed()
    {
        _servers.Server.Resume();
        Assert.Empty(_servers.Answers);
        Assert.Empty(_servers.Log);
    }

    [Fact]
    public void A_write_that_was_left_is_done()
    {
        _servers.Leave(Valid(Opcode.FUSE_WRITE, 10));
        _servers.Replace();
        _servers.Server.Resume();

        Assert.Equal("written"u8, _stored.Content);
    }

    [Fact]
    public void A_handle_of_an_earlier_server_shows_what_it_showed()
    {
        ulong handle = Open(10);
        Assert.Equal(Content[..3], Read(handle, 0)[..3]);

        _servers.Replace();
        _stored.Write(default, 0, "a longer one"u8);
        Assert.Equal(Content[3..], Read(handle, 3));
        _servers.Replace();
        Assert.Equal("", Read(handle, Content.Length));
        // From its start again it is the newest, and all of it, although the file had another length when it was opened.
        Assert.Equal("a longer one", Read(handle, 0));
        _servers.Replace();
        Assert.Equal(" one", Read(handle, 8));
        Assert.Equal("", Read(handle, 12));
    }

    [Fact]
    public void A_handle_whose_content_was_taken_away_ends_where_it_would_have()
    {
        ulong handle = Open(10);
        for (ulong i = 0; i < 2 * SnapshotPool.Count; i++)
        {
            Open(100 + i);
        }

        _stored.Write(default, 0, "a longer one"u8);
        Assert.Equal("", Read(handle, Content.Length));
        Assert.Equal("longer one"[..(Content.Length - 2)], Read(handle, 2));
        Assert.Equal("", Read(handle, Content.Length));
    }

    [Fact]
    public void A_read_that_is_done_twice_shows_one_content()
    {
        ulong handle = Open(10);
        _servers.Answers.Clear();
        // Its answer gets out, which nobody notes.
        _servers.Leave(ReadOf(handle, 0, 20));
        Assert.Throws<InvalidOperationException>(Ending().Resume);
        string shown = Text(Assert.Single(_servers.Answers));
        _servers.Answers.Clear();

        _stored.Write(default, 0, "another"u8);
        _servers.Replace();
        _servers.Server.Resume();
        Assert.Equal(Content, shown);
        Assert.Equal(Content, Text(Assert.Single(_servers.Answers)));
        Assert.Equal(Content[3..], Read(handle, 3));
    }

    [Fact]
    public void An_open_that_is_done_twice_is_one_open_file()
    {
        _servers.Leave(Valid(Opcode.FUSE_OPEN, 10));
        Assert.Throws<InvalidOperationException>(Ending().Resume);
        _servers.Replace();
        _servers.Server.Resume();

        ulong[] handles = [.. _servers.Answers.Select(answer => Unmounted.BodyOf<fuse_open_out>(answer).fh)];
        Assert.Equal(2, handles.Length);
        Assert.Equal(handles[0], handles[1]);
    }

    [Fact]
    public void What_another_version_has_left_is_not_believed()
    {
        ulong handle = Open(10);
        _servers.Memory.Snapshots[0].Place = ulong.MaxValue;
        _servers.Replace();
        Assert.Equal(Content, Read(handle, 0));

        _servers.Memory.State.TableForm = 77;
        _servers.Memory.Snapshots[5].Place = ulong.MaxValue;
        _servers.Memory.Snapshots[5].Handle = handle;
        _servers.Replace();
        Assert.Equal(Content, Read(handle, 0));
    }

    [Fact]
    public void A_size_that_an_earlier_server_has_told_is_made_stale()
    {
        _servers.Ask(Valid(Opcode.FUSE_GETATTR, 10));
        _stored.Write(default, 0, ""u8);
        _servers.Replace();
        _servers.Notifications.Clear();
        Open(12);

        Assert.Single(_servers.Notifications);
    }

    [Fact]
    public void Handles_of_two_servers_differ()
    {
        ulong first = Open(10);
        _servers.Replace();
        ulong second = Open(12);

        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_request_that_ends_every_server_is_EIO_at_last()
    {
        _servers.Leave(Valid(Opcode.FUSE_READ, 10));
        for (int i = 0; i < FuseServer.MostAttempts; i++)
        {
            FuseServer ended = new(Fd.Borrow(-1), _servers.Memory, [], 0, 0, _servers.Log.Add, (_, _) => throw new InvalidOperationException());
            Assert.Throws<InvalidOperationException>(ended.Resume);
            Assert.NotEqual(0, _servers.Memory.BusySince);
        }

        _servers.Replace();
        _servers.Server.Resume();

        Assert.Equal(Errno.EIO, Unmounted.ErrnoOf(Assert.Single(_servers.Answers)));
        Assert.Single(_servers.Log);
        Assert.NotNull(_servers.Ask(Valid(Opcode.FUSE_GETATTR, 12)));
    }

    [Fact]
    public void A_server_that_ends_before_it_handles_a_request_counts_too()
    {
        _servers.Leave(Valid(Opcode.FUSE_READ, 10));
        FuseServer ended = new(Fd.Borrow(-1), _servers.Memory, [], 0, 0, _servers.Log.Add, (_, _) => Errno.None)
        {
            BeforeRequest = () => throw new InvalidOperationException(),
        };
        for (int i = 0; i < FuseServer.MostAttempts; i++)
        {
            Assert.Throws<InvalidOperationException>(ended.Resume);
        }

        // No callback: this must end.
        ended.Resume();
        Assert.Contains("too many servers", Assert.Single(_servers.Log), StringComparison.Ordinal);
        Assert.Equal(10ul, _servers.Memory.State.Answered);
    }

    [Fact]
    public void A_few_servers_that_are_killed_by_chance_do_no_harm_to_a_request()
    {
        _servers.Leave(Valid(Opcode.FUSE_GETATTR, 10));
        for (int i = 0; i < 5; i++)
        {
            FuseServer ended = new(Fd.Borrow(-1), _servers.Memory, [], 0, 0, _servers.Log.Add, (_, _) => throw new InvalidOperationException());
            Assert.Throws<InvalidOperationException>(ended.Resume);
        }

        _servers.Replace();
        _servers.Server.Resume();
        Assert.Equal(Errno.None, Unmounted.ErrnoOf(Assert.Single(_servers.Answers)));
    }

    // Ends as it has sent an answer.
    FuseServer Ending() => new(Fd.Borrow(-1), _servers.Memory, [new FuseFile("file", 0x1A4, _stored)], 0, 0, _servers.Log.Add, (head, rest) =>
    {
        if (Unmounted.HeaderOf(head.ToArray()).unique != 0)
        {
            _servers.Answers.Add([.. head, .. rest]);
            throw new InvalidOperationException();
        }

        return Errno.None;
    });

    ulong Open(ulong unique) => Unmounted.BodyOf<fuse_open_out>(_servers.Ask(Valid(Opcode.FUSE_OPEN, unique))!).fh;

    string Read(ulong handle, int offset)
    {
        byte[] answer = _servers.Ask(ReadOf(handle, offset, ++_unique))!;
        Assert.Equal(Errno.None, Unmounted.ErrnoOf(answer));
        return Text(answer);
    }

    byte[] ReadOf(ulong handle, int offset, ulong unique) => RequestBytes.Of(
        Opcode.FUSE_READ,
        unique,
        _servers.IdOf("file"),
        RequestBytes.Of(new fuse_read_in { fh = handle, offset = (ulong)offset, size = 4096, read_flags = FuseFlags.FUSE_READ_LOCKOWNER }));

    static string Text(byte[] answer) => System.Text.Encoding.UTF8.GetString(answer.AsSpan(16));

    byte[] Valid(Opcode opcode, ulong unique) => RequestBytes.Valid(opcode, unique, _servers.IdOf("file"));
}
