using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Fuse.Protocol;

namespace Caisson.Fuse.Tests.Harness;

/// <summary>Requests as the kernel writes them.</summary>
static class RequestBytes
{
    public static byte[] Of(Opcode opcode, ulong unique, ulong node, params byte[][] parts)
    {
        byte[] body = [.. parts.SelectMany(it => it)];
        fuse_in_header header = new()
        {
            len = (uint)(Unsafe.SizeOf<fuse_in_header>() + body.Length),
            opcode = (uint)opcode,
            unique = unique,
            nodeid = node,
            pid = 7,
        };
        return [.. Of(header), .. body];
    }

    public static byte[] Of<T>(T value) where T : unmanaged => MemoryMarshal.AsBytes([value]).ToArray();

    /// <summary>One that the kernel might write, about the root directory with a file "file", or about that file.</summary>
    public static byte[] Valid(Opcode opcode, ulong unique, ulong file) => opcode switch
    {
        Opcode.FUSE_INIT => Of(opcode, unique, 0, Of(new fuse_init_in { major = 7, minor = 40 }), new byte[48]),
        Opcode.FUSE_LOOKUP => Of(opcode, unique, 1, Name("file")),
        Opcode.FUSE_OPENDIR => Of(opcode, unique, 1, Of(new fuse_open_in())),
        Opcode.FUSE_READDIR or Opcode.FUSE_READDIRPLUS => Of(opcode, unique, 1, Of(new fuse_read_in { size = 4096 })),
        Opcode.FUSE_OPEN => Of(opcode, unique, file, Of(new fuse_open_in())),
        Opcode.FUSE_WRITE => Of(opcode, unique, file, Of(new fuse_write_in { size = 7 }), "written"u8.ToArray()),
        _ => Of(opcode, unique, file, new byte[OpcodeTable.Find((uint)opcode)?.InputSize ?? 16]),
    };

    public static byte[] Name(string name) => [.. System.Text.Encoding.UTF8.GetBytes(name), 0];
}
