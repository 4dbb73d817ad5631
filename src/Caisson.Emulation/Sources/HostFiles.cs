using System.Text;
using Caisson.Emulation.Text;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Emulation.Sources;

/// <summary>
/// The host's /proc and /sys by descriptors: opened once, in the mount namespace that the worker starts in, for threads that
/// stand elsewhere later. What is read often is kept open; the kernel makes it anew for each reading from its start.
/// </summary>
sealed class HostFiles(string proc = "/proc", string sys = "/sys")
{
    const string Cpus = "devices/system/cpu/";

    readonly Fd _proc = OpenAt2.Open(proc, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
    readonly Fd _sys = OpenAt2.Open(sys, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
    readonly Fd?[] _kept = new Fd?[Enum.GetValues<HostFile>().Length];

    public bool TryRead(HostFile file, TextBuffer text)
    {
        Fd? kept = _kept[(int)file] ?? Keep(file);
        return kept is not null && text.TryRead(kept);
    }

    /// <summary>A file of /proc/PID; the pid may be a thread's.</summary>
    public bool TryReadOf(int pid, ReadOnlySpan<byte> name, TextBuffer text)
    {
        Span<byte> path = stackalloc byte[64];
        System.Buffers.Text.Utf8Formatter.TryFormat(pid, path, out int length);
        path[length++] = (byte)'/';
        name.CopyTo(path[length..]);
        length += name.Length;
        path[length++] = 0;
        return text.TryRead(_proc, path[..length], ResolveFlags.RESOLVE_NO_SYMLINKS);
    }

    /// <summary>A file that is read seldom.</summary>
    /// <param name="path">Absolute: below /proc or /sys.</param>
    public bool TryRead(string path, TextBuffer text)
    {
        bool isProc = path.StartsWith("/proc/", StringComparison.Ordinal);
        string below = path[(isProc ? "/proc/" : "/sys/").Length..];
        return text.TryRead(isProc ? _proc : _sys, Encoding.UTF8.GetBytes(below + '\0'), ResolveFlags.RESOLVE_NO_SYMLINKS);
    }

    /// <summary>A namespace of a process.</summary>
    public Errno TryOpenNamespace(int pid, string name, out Fd? opened) =>
        OpenAt2.TryOpen(_proc, $"{pid}/ns/{name}", OpenFlags.O_RDONLY, ResolveFlags.None, 0, out opened);

    static string PathOf(HostFile file) => file switch
    {
        HostFile.CpuInfo => "cpuinfo",
        HostFile.DiskStats => "diskstats",
        HostFile.LoadAverage => "loadavg",
        HostFile.MemInfo => "meminfo",
        HostFile.Stat => "stat",
        HostFile.VmStat => "vmstat",
        HostFile.CpuPressure => "pressure/cpu",
        HostFile.MemoryPressure => "pressure/memory",
        HostFile.IoPressure => "pressure/io",
        HostFile.IrqPressure => "pressure/irq",
        HostFile.OnlineCpus => Cpus + "online",
        HostFile.PresentCpus => Cpus + "present",
        HostFile.PossibleCpus => Cpus + "possible",
        HostFile.OfflineCpus => Cpus + "offline",
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    };

    Fd? Keep(HostFile file)
    {
        Fd directory = file >= HostFile.OnlineCpus ? _sys : _proc;
        if (OpenAt2.TryOpen(directory, PathOf(file), OpenFlags.O_RDONLY, ResolveFlags.RESOLVE_NO_SYMLINKS, 0, out Fd? opened) != Errno.None)
        {
            return null;
        }

        // Two threads read: the slower one's descriptor is not needed.
        Fd? earlier = Interlocked.CompareExchange(ref _kept[(int)file], opened, null);
        if (earlier is not null)
        {
            opened!.Dispose();
        }

        return earlier ?? opened;
    }
}
