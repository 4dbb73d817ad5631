using System.Runtime.InteropServices;

namespace Caisson.Kernel.Processes;

/// <summary>Signal names (signal(7)), dispositions that survive execve, and signals as messages (signalfd(2)).</summary>
public static unsafe partial class Signals
{
    public const int SIGHUP = 1;
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17;
    public const int SIGURG = 23;
    public const int SIGWINCH = 28;

    /// <summary>34, not the kernel's 32: the C library keeps two for itself (signal(7)).</summary>
    public const int FirstRealTime = 34;

    public const int Last = 64;

    const int SIG_BLOCK = 0;
    const int SFD_CLOEXEC = 0x80000;

    static readonly string[] Names =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
        "PWR", "SYS",
    ];

    /// <summary>Takes 15, TERM, SIGTERM, sigterm, RTMIN+3; -1 for anything else.</summary>
    public static int Parse(string text)
    {
        if (int.TryParse(text, out int number))
        {
            return number is >= 0 and <= Last ? number : -1;
        }

        string name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        if (name.StartsWith("RTMIN", StringComparison.Ordinal))
        {
            return name.Length == 5 ? FirstRealTime : int.TryParse(name[5..], out int plus) && plus is >= 0 and <= 30 ? FirstRealTime + plus : -1;
        }

        if (name.StartsWith("RTMAX", StringComparison.Ordinal))
        {
            return name.Length == 5 ? 64 : int.TryParse(name[5..], out int minus) && minus is <= 0 and >= -30 ? 64 + minus : -1;
        }

        name = name switch { "IOT" => "ABRT", "CLD" => "CHLD", "POLL" => "IO", _ => name };
        return Array.IndexOf(Names, name) + 1 is > 0 and int found ? found : -1;
    }

    /// <summary>The signals that this process ignores: .NET does SIGPIPE, a caller may have left more; execve keeps them.</summary>
    public static List<int> Ignored()
    {
        List<int> ignored = [];
        // struct sigaction of the kernel: handler, flags, restorer, mask; SIG_IGN is 1.
        nint* action = stackalloc nint[4];
        for (int signal = 1; signal <= Last; signal++)
        {
            if (rt_sigaction(SyscallNumbers.rt_sigaction, signal, 0, (nint)action, 8) == 0 && action[0] == 1)
            {
                ignored.Add(signal);
            }
        }

        return ignored;
    }

    /// <summary>Blocks the given signals in the calling thread and returns a descriptor that they are read from.</summary>
    public static Fd Open(ReadOnlySpan<int> signals)
    {
        ulong mask = 0;
        foreach (int signal in signals)
        {
            mask |= 1UL << (signal - 1);
        }

        // The C library's sigset_t has 128 bytes.
        ulong* set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = mask;
        ulong* before = stackalloc ulong[16];
        if (pthread_sigmask(SIG_BLOCK, set, before) != 0)
        {
            throw KernelException.Last("pthread_sigmask");
        }

        // A signal goes to any thread that does not block it, and its default would end us. A mask that was there before this
        // program began is every thread's.
        if ((before[0] & mask) != mask)
        {
            FinalizerThread.Block(mask);
        }

        int fd = signalfd(-1, set, SFD_CLOEXEC);
        return fd >= 0 ? new Fd(fd) : throw KernelException.Last("signalfd");
    }

    /// <summary>The next signal from <see cref="Open"/>; blocks. 0 at an unfit read.</summary>
    public static int Next(Fd signals)
    {
        // struct signalfd_siginfo has 128 bytes and begins with the number.
        Span<byte> info = stackalloc byte[128];
        return Files.FileText.ReadSome(signals, info, "signalfd") == 128 ? MemoryMarshal.Read<int>(info) : 0;
    }

    /// <summary>Blocks the given signals in the calling thread.</summary>
    internal static void BlockInThisThread(ulong mask)
    {
        ulong* set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = mask;
        _ = pthread_sigmask(SIG_BLOCK, set, null);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint rt_sigaction(nint number, nint signal, nint action, nint old, nint size);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pthread_sigmask(int how, ulong* set, ulong* old);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int signalfd(int fd, ulong* mask, int flags);
}
