using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.Measuring;

/// <summary>What one run of a program took.</summary>
/// <param name="Wall">From before the start to the end.</param>
/// <param name="Processor">User and system time of it and of all descendants that were waited for.</param>
readonly record struct Cost(TimeSpan Wall, TimeSpan Processor);

/// <summary>
/// Runs programs with as little beside them as possible: one posix_spawn and one wait4. System.Diagnostics.Process would add
/// threads, pipes and a signal handler. Nothing is read, and errors go to a file. The benchmark compiles this file, too.
/// </summary>
static unsafe partial class MeasuredProcess
{
    const int OpenForReading = 0;
    const int OpenForWriting = 0x1;
    const int OpenAnew = OpenForWriting | 0x40 | 0x200; // O_CREAT, O_TRUNC
    const short SetDefaultSignals = 0x4;
    const short SetSignalMask = 0x8;
    const int Interrupted = 4;
    const int OpaqueSize = 512; // more than any C library's posix_spawn structures and signal sets

    static readonly string[] Environment =
    [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C",
    ];

    // Perl and not wait4's own answer: a process that is started from here keeps this program's size as its own peak,
    // because the kernel counts what a process was before it executed something. Perl forks 2 MB at most.
    const string PeakScript = """
        my $getrusage = shift; my $status = system { $ARGV[0] } @ARGV; my $usage = "\0" x 144; syscall($getrusage + 0, -1, $usage);
        print STDERR "\n", unpack("x32 q", $usage), "\n"; exit($status ? 1 : 0);
        """;

    /// <summary>Runs a program, found by its path, to its successful end.</summary>
    /// <param name="errors">The file for what it prints on standard error.</param>
    /// <param name="variable">One more variable of its environment.</param>
    public static Cost Run(string errors, IReadOnlyList<string> command, string? variable = null)
    {
        byte* actions = stackalloc byte[OpaqueSize];
        byte* attributes = stackalloc byte[OpaqueSize];
        byte* signals = stackalloc byte[OpaqueSize];
        long* usage = stackalloc long[18];
        using TextArray arguments = new(command);
        using TextArray environment = new([.. Environment, .. variable is null ? [] : (string[])[variable]]);

        Check(posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", OpenForReading, 0), "standard input");
        Check(posix_spawn_file_actions_addopen(actions, 1, "/dev/null", OpenForWriting, 0), "standard output");
        Check(posix_spawn_file_actions_addopen(actions, 2, errors, OpenAnew, 0b110_000_000), "standard error");
        Check(posix_spawnattr_init(attributes), "posix_spawnattr_init");
        Check(sigfillset(signals), "sigfillset");
        // .NET ignores SIGPIPE, which a program would inherit.
        Check(posix_spawnattr_setsigdefault(attributes, signals), "posix_spawnattr_setsigdefault");
        Check(sigemptyset(signals), "sigemptyset");
        Check(posix_spawnattr_setsigmask(attributes, signals), "posix_spawnattr_setsigmask");
        Check(posix_spawnattr_setflags(attributes, SetDefaultSignals | SetSignalMask), "posix_spawnattr_setflags");

        int pid = 0;
        int status = 0;
        long start = Stopwatch.GetTimestamp();
        int error = posix_spawn(&pid, command[0], actions, attributes, arguments.Pointers, environment.Pointers);
        if (error == 0)
        {
            while (wait4(pid, &status, 0, usage) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw new Win32Exception();
                }
            }
        }

        TimeSpan wall = Stopwatch.GetElapsedTime(start);
        _ = posix_spawn_file_actions_destroy(actions);
        _ = posix_spawnattr_destroy(attributes);
        Check(error, command[0]);
        if (status != 0)
        {
            throw new InvalidOperationException(
                $"{string.Join(' ', command)} ended with status 0x{status:x}: {File.ReadAllText(errors).Trim()}");
        }

        return new Cost(wall, TimeSpan.FromMicroseconds(((usage[0] + usage[2]) * 1_000_000) + usage[1] + usage[3]));
    }

    /// <summary>The most bytes of memory (resident set) that one process of the command had, children that it waited for included.</summary>
    public static long Peak(string errors, IReadOnlyList<string> command)
    {
        string getrusage = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "165" : "98";
        Run(errors, ["/usr/bin/perl", "-e", PeakScript, getrusage, .. command]);
        return long.Parse(File.ReadLines(errors).Last()) * 1024;
    }

    static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(int* pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int wait4(int pid, int* status, int options, long* usage);

    /// <summary>Texts as C has them: a list of pointers that ends with none.</summary>
    readonly ref struct TextArray
    {
        readonly int _count;

        public TextArray(IReadOnlyList<string> texts)
        {
            _count = texts.Count;
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < _count; i++)
            {
                Pointers[i] = (byte*)NativeMemory.AllocZeroed((nuint)Encoding.UTF8.GetByteCount(texts[i]) + 1);
                Encoding.UTF8.GetBytes(texts[i], new Span<byte>(Pointers[i], Encoding.UTF8.GetByteCount(texts[i])));
            }
        }

        public byte** Pointers { get; }

        public void Dispose()
        {
            for (int i = 0; i < _count; i++)
            {
                NativeMemory.Free(Pointers[i]);
            }

            NativeMemory.Free(Pointers);
        }
    }
}
