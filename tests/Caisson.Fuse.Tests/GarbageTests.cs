using System.Runtime.CompilerServices;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;

namespace Caisson.Fuse.Tests;

/// <summary>Each kind of request, known or not, cut at each length and filled with rubbish.</summary>
public sealed class GarbageTests
{
    // All that linux/fuse.h numbers, some that it may, and one that it never will.
    static readonly uint[] s_opcodes = [.. Enumerable.Range(0, 70).Select(i => (uint)i), 4096, uint.MaxValue];

    readonly Unmounted _server = new(new FuseFile("file", 0x1A4, new StoredFile("content")), TestFile.Of("other", new string('x', 5000)));
    ulong _unique = 1;

    public static TheoryData<uint> Opcodes => [.. s_opcodes];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_request_that_is_cut_is_answered_as_the_protocol_wants(uint opcode)
    {
        byte[] whole = RequestBytes.Valid((Opcode)opcode, 2, _server.IdOf("file"));
        for (int length = 0; length <= whole.Length; length++)
        {
            // As long as it says, and as if there were more.
            byte[] cut = whole[..length];
            Ask(cut);
            if (length >= sizeof(uint))
            {
                BitConverter.TryWriteBytes(cut, length);
                Ask(cut);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void A_request_of_rubbish_is_answered_as_the_protocol_wants(uint opcode)
    {
        Random random = new((int)opcode);
        ulong[] nodes = [0, 1, _server.IdOf("file"), _server.IdOf("other"), ulong.MaxValue];
        for (int length = 0; length <= 150; length++)
        {
            foreach (byte fill in (byte[])[0, 0x7F, 0x80, 0xFF])
            {
                byte[] body = new byte[length];
                body.AsSpan().Fill(fill);
                Ask(RequestBytes.Of((Opcode)opcode, 2, nodes[random.Next(nodes.Length)], body));
                random.NextBytes(body);
                Ask(RequestBytes.Of((Opcode)opcode, 2, nodes[random.Next(nodes.Length)], body));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void What_a_server_has_left_may_be_rubbish_too(uint opcode)
    {
        byte[] whole = RequestBytes.Valid((Opcode)opcode, 2, _server.IdOf("file"));
        foreach (uint length in (uint[])[0, 1, 39, 40, 41, 8192, 8193, int.MaxValue, uint.MaxValue])
        {
            BitConverter.TryWriteBytes(whole, length);
            BitConverter.TryWriteBytes(whole.AsSpan(8), _unique += 2);
            _server.Leave(whole);
            _server.Replace();
            _server.Server.Resume();
            if (length >= Unsafe.SizeOf<fuse_in_header>())
            {
                Assert.Equal(_unique, _server.Memory.State.Answered);
            }
        }

        AssertAllIsWell();
    }

    void Ask(byte[] request)
    {
        _unique += 2;
        if (request.Length >= 16)
        {
            BitConverter.TryWriteBytes(request.AsSpan(8), _unique);
        }

        AnswerRules.Check(request, _unique, _server.Ask(request));
        AssertAllIsWell();
    }

    void AssertAllIsWell()
    {
        byte[] lookup = _server.Ask(RequestBytes.Of(Opcode.FUSE_LOOKUP, _unique += 2, 1, RequestBytes.Name("other")))!;
        Assert.Equal(_server.IdOf("other"), Unmounted.BodyOf<fuse_entry_out>(lookup).nodeid);
        Assert.Equal(Unsafe.SizeOf<fuse_out_header>() + Unsafe.SizeOf<fuse_entry_out>(), lookup.Length);
        Assert.DoesNotContain(_server.Log, line => line.Contains("Exception", StringComparison.Ordinal));
    }
}
