using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Text;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Sysctl;

/// <summary>
/// The container's sysctls: what was written last, else what the row begins with. Nothing is ever written to the host.
/// </summary>
sealed class SysctlValues(ValueStore store, HostFiles host)
{
    readonly TextBuffer _initial = new(4096);
    readonly ContentBuffer _written = new();
    readonly ReadOnlyPlaces _readOnly = new(host);

    /// <summary>Without a line end; good until the next call.</summary>
    public ReadOnlySpan<byte> Read(SysctlRow row)
    {
        if (store.TryRead(row.Name, out ReadOnlySpan<byte> value))
        {
            return value;
        }

        if (row.Initial is not null)
        {
            return Encoding.ASCII.GetBytes(row.Initial);
        }

        return host.TryRead(row.Path, _initial) ? _initial.Bytes.TrimEnd((byte)'\n') : "0"u8;
    }

    /// <summary>As <see cref="Write(SysctlRow, long, ReadOnlySpan{byte})"/>; EROFS for one to whom the directory is read-only.</summary>
    public Errno Write(SysctlRow row, Caller caller, long offset, ReadOnlySpan<byte> data) =>
        _readOnly.Contain(caller.Pid, row.Path) ? Errno.EROFS : Write(row, offset, data);

    public Errno Write(SysctlRow row, long offset, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> old = Read(row);
        _written.Clear();
        Errno errno = row.Form.Apply(old, offset, data, _written, out bool isNew);
        if (!isNew)
        {
            return errno;
        }

        if (row.Final is { } final && Ascii.Equals(old, final.Value) && !_written.Bytes.SequenceEqual(old))
        {
            return final.Errno;
        }

        if (row.IsRequest)
        {
            return errno;
        }

        bool isKept = store.TryWrite(row.Name, _written.Bytes) && (row.Clears is null || store.TryWrite(row.Clears, "0"u8));
        return isKept ? errno : Errno.ENOMEM;
    }
}
