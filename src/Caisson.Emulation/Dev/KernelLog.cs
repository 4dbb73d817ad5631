using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Dev;

/// <summary>
/// /dev/kmsg of a kernel that never says anything. Programs expect what /dev/null, which stands there without a view, cannot do: to be
/// waited for (systemd-journald since 258 takes that for an error).
/// </summary>
sealed class KernelLog : IReadable, IWritable, ISilent
{
    public static Leaf Leaf { get; } = new(
        "/dev/kmsg", 0x1A4 /* 0644 */, LeafKind.Identity,
        "Empty, and what is written is lost: the kernel's log is the host's. Not over a device that was asked for.", _ => new KernelLog());

    public Errno Read(Caller caller, ContentBuffer content) => Errno.None;

    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => Errno.None;
}
