using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using CsCheck;

namespace Caisson.Fuse.Tests;

/// <summary>Whatever is read from the device, the server answers as the protocol wants it and goes on.</summary>
public sealed class DispatcherFuzzTests
{
    static readonly FuseFile[] s_files =
    [
        TestFile.Of("readable", "content"),
        new("stored", 0x1A4, new StoredFile("content")),
        TestFile.Of("empty", ""),
        TestFile.Of("large", new string('x', 20_000)),
    ];

    static readonly ulong[] s_nodes = [0, 1, 2, ulong.MaxValue, .. s_files.Select(file => new Node(file).Id)];

    static readonly Gen<uint> s_opcode = Gen.Frequency(
        (20, OneOf([.. OpcodeTable.All.Select(it => (uint)it.Number)])), (2, Gen.UInt[0, 64]), (1, Gen.UInt));

    // Fields in bodies: small ones, those of real handles and absurd ones.
    static readonly Gen<ulong> s_field = Gen.Frequency(
        (4, Gen.ULong[0, 8]), (2, Gen.ULong[0, 200_000]), (2, OneOf(0x1000007ul, 0x2000007ul, 0x3000000ul, 1ul << 32)), (1, Gen.ULong));

    static readonly Gen<byte[]> s_body = Gen.Frequency(
        (4, s_field.Array[0, 8].Select(fields => fields.SelectMany(BitConverter.GetBytes).ToArray())),
        (1, Gen.Byte.Array[0, 200]),
        (1, OneOf("readable\0"u8.ToArray(), "stored"u8.ToArray(), "\0"u8.ToArray(), [], new byte[8152])));

    static readonly Gen<byte[]> s_request =
        Gen.Select(s_opcode, OneOf(s_nodes), s_body, Gen.Frequency((8, Gen.Const(-1)), (1, Gen.Int[0, 300]), (1, Gen.Int)), Gen.Bool)
            .Select((opcode, node, body, length, cut) =>
            {
                byte[] bytes = RequestBytes.Of((Opcode)opcode, 2, node, body);
                if (length >= 0)
                {
                    BitConverter.TryWriteBytes(bytes, length);
                }

                return cut && length >= 0 ? bytes[..Math.Min(bytes.Length, length)] : bytes;
            });

    [Fact]
    public void Requests_of_any_kind_in_any_order_are_answered_once_and_correctly() =>
        s_request.Array[1, 60].Sample(
            requests =>
            {
                Unmounted server = new(s_files);
                for (int i = 0; i < requests.Length; i++)
                {
                    byte[] request = requests[i];
                    if (request.Length >= 16)
                    {
                        BitConverter.TryWriteBytes(request.AsSpan(8), (ulong)(i + 1) * 2);
                    }

                    AnswerRules.Check(request, (ulong)(i + 1) * 2, server.Ask(request));
                }

                // Whatever came before: files are as they were.
                byte[] lookup = server.Ask(RequestBytes.Of(Opcode.FUSE_LOOKUP, 1000, 1, RequestBytes.Name("large")))!;
                Assert.Equal(server.IdOf("large"), Unmounted.BodyOf<fuse_entry_out>(lookup).nodeid);
                Assert.DoesNotContain(server.Log, line => line.Contains("Exception", StringComparison.Ordinal));
            },
            iter: 3000, threads: 1);

    [Fact]
    public void Bytes_of_any_kind_do_no_harm() =>
        Gen.Byte.Array[0, 300].Sample(
            bytes =>
            {
                Unmounted server = new(s_files);
                byte[]? answer = server.Ask(bytes);
                Assert.True(bytes.Length >= 40 || answer is null);
                Assert.NotNull(server.Ask(RequestBytes.Of(Opcode.FUSE_STATFS, 1000, 1)));
            },
            iter: 3000, threads: 1);

    static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
