using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>Serves a row that cannot be read.</summary>
sealed class WriteOnly(SysctlRow row, SysctlValues values) : IWritable
{
    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => values.Write(row, caller, offset, data);
}
