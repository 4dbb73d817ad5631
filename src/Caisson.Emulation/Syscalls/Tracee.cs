using System.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Kernel.Seccomp;

namespace Caisson.Emulation.Syscalls;

/// <summary>
/// The caller of a call that waits: one thread, which cannot go on, but whose memory, directories and descriptors other threads
/// of its may change at any moment. Everything is read once into a copy or opened once; what was opened by its id is its own
/// only if <see cref="IsStillThere"/> says so afterwards.
/// </summary>
public sealed class Tracee(int listener, Fd processes)
{
    const int PathLimit = 4096;

    seccomp_notif _call;

    public int Pid => (int)_call.pid;

    public bool IsStillThere => SeccompListener.IsValid(listener, _call.id);

    public bool Is64Bit => ViewFilter.Is64Bit(_call.data.arch);

    public static Tracee Of(int listener, in seccomp_notif call, Fd processes) => new(listener, processes) { _call = call };

    public ulong Argument(int index) => Is64Bit ? _call.data.Argument(index) : (uint)_call.data.Argument(index);

    /// <summary>A string that an argument points to; null where it cannot be read or is not ended in time.</summary>
    public string? ReadString(int argument, int limit = PathLimit)
    {
        Span<byte> buffer = stackalloc byte[limit];
        int length = ProcessMemory.TryReadString(Pid, Argument(argument), buffer);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer[..length]);
    }

    /// <summary>A path that an argument points to, byte for byte and with its NUL; null where the kernel would not take it either.</summary>
    public byte[]? ReadPath(int argument)
    {
        Span<byte> buffer = stackalloc byte[PathLimit];
        int length = ProcessMemory.TryReadString(Pid, Argument(argument), buffer);
        return length < 0 ? null : buffer[..(length + 1)].ToArray();
    }

    /// <summary>Whether such a string is one of two; without making one of it, as this is asked of every mount.</summary>
    public int IndexOfString(int argument, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Span<byte> buffer = stackalloc byte[16];
        int length = ProcessMemory.TryReadString(Pid, Argument(argument), buffer);
        return length < 0 ? -1 : buffer[..length].SequenceEqual(first) ? 0 : buffer[..length].SequenceEqual(second) ? 1 : -1;
    }

    public bool Write(int argument, ReadOnlySpan<byte> bytes) => ProcessMemory.TryWrite(Pid, Argument(argument), bytes);

    /// <summary>Something of its directory in /proc; null where it is gone or has no such thing.</summary>
    public Fd? Open(string name, OpenFlags flags) =>
        OpenAt2.TryOpen(processes, $"{Pid}/{name}", flags, ResolveFlags.None, 0, out Fd? fd) == Errno.None ? fd : null;

    /// <summary>The text of a file of its directory in /proc; empty where it is gone.</summary>
    public string ReadText(string name) => Open(name, OpenFlags.O_RDONLY) is { } file ? Read(file, name) : "";

    /// <summary>The text of a file of the host's /proc that tells of the whole system.</summary>
    public string ReadSystemText(string name) =>
        OpenAt2.TryOpen(processes, name, OpenFlags.O_RDONLY, ResolveFlags.RESOLVE_NO_SYMLINKS, 0, out Fd? file) == Errno.None ? Read(file!, name) : "";

    static string Read(Fd file, string name)
    {
        using (file)
        {
            return Encoding.UTF8.GetString(FileText.ReadBytes(file, name, 64 * 1024));
        }
    }
}
