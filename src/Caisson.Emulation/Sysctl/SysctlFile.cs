using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>Serves one row of the table.</summary>
sealed class SysctlFile(SysctlRow row, SysctlValues values) : IReadable, IWritable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        content.Append(values.Read(row)).Append((byte)'\n');
        return Errno.None;
    }

    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => values.Write(row, caller, offset, data);
}
