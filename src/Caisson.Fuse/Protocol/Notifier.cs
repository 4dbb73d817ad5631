using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Caisson.Kernel;

namespace Caisson.Fuse.Protocol;

/// <summary>What we tell the kernel unasked.</summary>
sealed class Notifier(Transmit transmit)
{
    readonly byte[] _message = new byte[Unsafe.SizeOf<fuse_out_header>() + Unsafe.SizeOf<fuse_notify_store_out>()];

    /// <summary>
    /// FUSE_NOTIFY_STORE of zeros: a file's page cache from <paramref name="offset"/> on. Nothing but a size that grows is
    /// wanted of it; <see cref="Nodes.CachedSize"/> tells how.
    /// </summary>
    public Errno Store(ulong node, long offset, int count)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[1];
        fuse_out_header header = new() { len = (uint)(_message.Length + count), error = FuseFlags.FUSE_NOTIFY_STORE };
        MemoryMarshal.Write(_message, header);
        fuse_notify_store_out store = new() { nodeid = node, offset = (ulong)offset, size = (uint)count };
        MemoryMarshal.Write(_message.AsSpan(Unsafe.SizeOf<fuse_out_header>()), store);
        return transmit(_message, zeros[..count]);
    }
}
