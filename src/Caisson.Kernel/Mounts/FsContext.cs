using System.Runtime.InteropServices;

namespace Caisson.Kernel.Mounts;

/// <summary>
/// A file system being configured: fsopen(2), fspick(2), fsconfig(2), fsmount(2). What the kernel says about a refused option is read
/// from the context's log and becomes part of the error.
/// </summary>
public sealed unsafe partial class FsContext : IDisposable
{
    const uint FSOPEN_CLOEXEC = 1;
    const uint FSMOUNT_CLOEXEC = 1;
    const uint FSCONFIG_SET_FLAG = 0;
    const uint FSCONFIG_SET_STRING = 1;
    const uint FSCONFIG_SET_FD = 5;
    const uint FSCONFIG_CMD_CREATE = 6;
    const uint FSCONFIG_CMD_RECONFIGURE = 7;
    const uint FSPICK_CLOEXEC = 1;
    const uint FSPICK_EMPTY_PATH = 8;

    readonly string _type;
    readonly Fd _context;

    FsContext(string type, Fd context)
    {
        _type = type;
        _context = context;
    }

    public static FsContext Open(string type)
    {
        nint result = fsopen(SyscallNumbers.fsopen, type, FSOPEN_CLOEXEC);
        return result >= 0 ? new FsContext(type, new Fd((int)result)) : throw KernelException.Last("fsopen", type);
    }

    public void SetFlag(string key) => Check(fsconfig(SyscallNumbers.fsconfig, _context, FSCONFIG_SET_FLAG, key, null, 0), key);

    public void SetString(string key, string value) =>
        Check(fsconfig(SyscallNumbers.fsconfig, _context, FSCONFIG_SET_STRING, key, value, 0), $"{key}={value}");

    /// <summary>An option without a value is a flag.</summary>
    public void Set(IEnumerable<(string Key, string? Value)> options)
    {
        foreach ((string key, string? value) in options)
        {
            if (value is null)
            {
                SetFlag(key);
            }
            else
            {
                SetString(key, value);
            }
        }
    }

    /// <summary>For options that name an object: the errno is the answer, since older kernels do not know them.</summary>
    public Errno TrySetFd(string key, Fd value)
    {
        nint result = fsconfig(SyscallNumbers.fsconfig, _context, FSCONFIG_SET_FD, key, null, value.Number);
        Errno errno = result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
        GC.KeepAlive(value);
        return errno;
    }

    /// <summary>Makes the superblock and one detached mount of it.</summary>
    public Fd CreateMount(MountAttributes attributes)
    {
        Check(fsconfig(SyscallNumbers.fsconfig, _context, FSCONFIG_CMD_CREATE, null, null, 0), "create");
        nint result = fsmount(SyscallNumbers.fsmount, _context, FSMOUNT_CLOEXEC, (uint)attributes);
        return result >= 0 ? new Fd((int)result) : throw KernelException.Last("fsmount", _type);
    }

    /// <summary>
    /// Configures an existing file system anew with what it has already. The effect: the kernel forgets the names of it that
    /// nobody uses (reconfigure_super calls shrink_dcache_sb).
    /// </summary>
    public static Errno TryReconfigure(Fd directory)
    {
        nint result = fspick(SyscallNumbers.fspick, directory, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
        if (result >= 0)
        {
            using Fd context = new((int)result);
            result = fsconfig(SyscallNumbers.fsconfig, context, FSCONFIG_CMD_RECONFIGURE, null, null, 0);
        }

        return result >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
    }

    public void Dispose() => _context.Dispose();

    void Check(nint result, string what)
    {
        if (result != 0)
        {
            Errno errno = (Errno)Marshal.GetLastPInvokeError();
            string log = ReadLog();
            throw new KernelException(errno, $"fsconfig {_type}", log.Length == 0 ? what : $"{what}: {log}");
        }
    }

    // Each read of the context gives one message, such as "e overlay: No upperdir specified"; ENODATA ends them.
    string ReadLog()
    {
        List<string> messages = [];
        byte[] buffer = new byte[512];
        for (int i = 0; i < 8; i++)
        {
            fixed (byte* start = buffer)
            {
                nint count = read(_context, start, (nuint)buffer.Length);
                if (count <= 0)
                {
                    break;
                }

                string message = System.Text.Encoding.UTF8.GetString(buffer, 0, (int)count).Trim();
                messages.Add(message.Length > 2 && message[1] == ' ' ? message[2..] : message);
            }
        }

        return string.Join("; ", messages);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint fsopen(nint number, string type, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint fsconfig(nint number, Fd context, uint command, string? key, string? value, nint auxiliary);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint fsmount(nint number, Fd context, uint flags, uint attributes);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint fspick(nint number, Fd directory, string path, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(Fd fd, byte* buffer, nuint count);
}
