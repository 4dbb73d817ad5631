using System.Runtime.InteropServices;

namespace Caisson.Kernel.Namespaces;

/// <summary>
/// Host and domain name of another process's UTS namespace (uts_namespaces(7)): the calling thread goes there and comes back.
/// </summary>
public static unsafe partial class UtsNames
{
    /// <summary>__NEW_UTS_LEN of linux/utsname.h: a name is at most this long.</summary>
    public const int Longest = 64;

    public static Errno TryRead(Fd there, Fd own, bool isDomain, Span<byte> name, out int length)
    {
        Span<byte> buffer = stackalloc byte[Longest + 1];
        buffer.Clear();
        length = 0;
        Errno errno = Enter(there);
        if (errno != Errno.None)
        {
            return errno;
        }

        fixed (byte* start = buffer)
        {
            int result = isDomain ? getdomainname(start, (nuint)buffer.Length) : gethostname(start, (nuint)buffer.Length);
            errno = result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }

        Namespace.Join(own, NamespaceKind.CLONE_NEWUTS, "our own");
        length = Math.Min(buffer[..Longest].IndexOf((byte)0) is int end and >= 0 ? end : Longest, name.Length);
        buffer[..length].CopyTo(name);
        return errno;
    }

    /// <summary>
    /// Sets a name as the holder of the namespace could. A namespace that belongs to our own user namespace, or to one above, is
    /// the host's: EPERM.
    /// </summary>
    public static Errno TryWrite(Fd there, Fd own, bool isDomain, ReadOnlySpan<byte> name)
    {
        if (!Namespace.IsOwnedBelow(there))
        {
            return Errno.EPERM;
        }

        Errno errno = Enter(there);
        if (errno != Errno.None)
        {
            return errno;
        }

        fixed (byte* start = name)
        {
            int result = isDomain ? setdomainname(start, (nuint)name.Length) : sethostname(start, (nuint)name.Length);
            errno = result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        }

        Namespace.Join(own, NamespaceKind.CLONE_NEWUTS, "our own");
        return errno;
    }

    static Errno Enter(Fd there)
    {
        try
        {
            Namespace.Join(there, NamespaceKind.CLONE_NEWUTS, "that of the caller");
            return Errno.None;
        }
        catch (KernelException failure)
        {
            return failure.Errno;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int gethostname(byte* name, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getdomainname(byte* name, nuint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sethostname(byte* name, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setdomainname(byte* name, nuint length);
}
