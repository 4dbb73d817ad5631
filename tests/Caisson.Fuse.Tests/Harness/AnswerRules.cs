using System.Runtime.CompilerServices;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>What the protocol wants of an answer, whatever the request is.</summary>
static class AnswerRules
{
    // What the kernel insists on where there is no error.
    static readonly Dictionary<Opcode, int> s_bodySizes = new()
    {
        [Opcode.FUSE_INIT] = Unsafe.SizeOf<fuse_init_out>(),
        [Opcode.FUSE_LOOKUP] = Unsafe.SizeOf<fuse_entry_out>(),
        [Opcode.FUSE_GETATTR] = Unsafe.SizeOf<fuse_attr_out>(),
        [Opcode.FUSE_SETATTR] = Unsafe.SizeOf<fuse_attr_out>(),
        [Opcode.FUSE_OPEN] = Unsafe.SizeOf<fuse_open_out>(),
        [Opcode.FUSE_OPENDIR] = Unsafe.SizeOf<fuse_open_out>(),
        [Opcode.FUSE_WRITE] = Unsafe.SizeOf<fuse_write_out>(),
        [Opcode.FUSE_POLL] = Unsafe.SizeOf<fuse_poll_out>(),
        [Opcode.FUSE_STATFS] = Unsafe.SizeOf<fuse_kstatfs>(),
        [Opcode.FUSE_RELEASE] = 0,
        [Opcode.FUSE_RELEASEDIR] = 0,
        [Opcode.FUSE_DESTROY] = 0,
    };

    /// <summary>Of a request that has this number, if it is long enough for one.</summary>
    public static void Check(byte[] request, ulong unique, byte[]? answer)
    {
        if (request.Length < Unsafe.SizeOf<fuse_in_header>())
        {
            Assert.Null(answer);
            return;
        }

        Opcode opcode = (Opcode)BitConverter.ToUInt32(request, 4);
        if (OpcodeTable.Find((uint)opcode) is { HasNoAnswer: true })
        {
            Assert.Null(answer);
            return;
        }

        Assert.NotNull(answer);
        fuse_out_header header = Unmounted.HeaderOf(answer);
        Assert.Equal(unique, header.unique);
        Assert.InRange(header.error, -133, 0);
        int body = answer.Length - Unsafe.SizeOf<fuse_out_header>();
        if (header.error != 0)
        {
            Assert.NotEqual(Errno.EIO, (Errno)(-header.error));
            Assert.Equal(0, body);
        }
        else if (s_bodySizes.TryGetValue(opcode, out int expected))
        {
            Assert.Equal(expected, body);
        }
        else
        {
            // At most what the reader has asked for.
            Assert.InRange((uint)body, 0u, BitConverter.ToUInt32(request, 40 + 16));
        }
    }
}
