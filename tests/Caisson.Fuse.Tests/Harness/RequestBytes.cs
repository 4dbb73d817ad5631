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

    public static byte[] Name(string name) => [.. System.Text.Encoding.UTF8.GetBytes(name), 0];
}
