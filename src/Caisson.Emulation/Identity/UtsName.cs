using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Namespaces;

namespace Caisson.Emulation.Identity;

/// <summary>
/// /proc/sys/kernel/hostname and domainname: those of the UTS namespace of whoever reads or writes. Only writing is why they are
/// here: the kernel lets nobody but the host's root write these files, though a container's root may call sethostname(2).
/// </summary>
sealed class UtsName(HostFiles host, Fd ownUts, bool isDomain) : IReadable, IWritable
{
    public Errno Read(Caller caller, ContentBuffer content)
    {
        Errno errno = host.TryOpenNamespace(caller.Pid, "uts", out Fd? there);
        if (errno != Errno.None)
        {
            return errno;
        }

        using (there)
        {
            Span<byte> name = stackalloc byte[UtsNames.Longest];
            errno = UtsNames.TryRead(there!, ownUts, isDomain, name, out int length);
            content.Append(name[..length]).Append((byte)'\n');
            return errno;
        }
    }

    // proc_dostring: to the first NUL or line end, and no longer than the kernel keeps.
    public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data)
    {
        if (offset > 0 || data.IsEmpty)
        {
            return Errno.None;
        }

        Errno errno = host.TryOpenNamespace(caller.Pid, "uts", out Fd? there);
        if (errno != Errno.None)
        {
            return errno;
        }

        using (there)
        {
            int end = data.IndexOfAny((byte)0, (byte)'\n');
            ReadOnlySpan<byte> name = end < 0 ? data : data[..end];
            return UtsNames.TryWrite(there!, ownUts, isDomain, name[..Math.Min(name.Length, UtsNames.Longest)]);
        }
    }
}
