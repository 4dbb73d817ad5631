using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Caisson.ViewProbe;

/// <summary>
/// The calls that are timed, each by itself, as nanoseconds. What they are given lies ready in memory that nobody moves, so that
/// between the two looks at the clock there is nothing but system calls.
/// </summary>
static unsafe partial class FileCalls
{
    const int OpenForReading = 0x80000; // O_CLOEXEC
    const int OpenForWriting = 0x80001;

    // What most programs read with. The kernel clears as much memory for each read of a sysctl.
    const int BufferSize = 4096;

    static readonly byte* Buffer = (byte*)NativeMemory.Alloc(BufferSize);
    static readonly Dictionary<string, nint> Texts = [];

    public static long Read(string path)
    {
        byte* name = Text(path);
        long start = Stopwatch.GetTimestamp();
        int file = open(name, OpenForReading);
        Check(file, "open", path);
        nint count;
        do
        {
            count = read(file, Buffer, BufferSize);
        }
        while (count > 0);
        int closed = close(file);
        long end = Stopwatch.GetTimestamp();
        Check(count | (nint)closed, "read", path);
        return Nanoseconds(start, end);
    }

    public static long Write(string path, string value)
    {
        byte* name = Text(path);
        byte* bytes = Text(value);
        nint length = Encoding.UTF8.GetByteCount(value);
        long start = Stopwatch.GetTimestamp();
        int file = open(name, OpenForWriting);
        Check(file, "open", path);
        nint count = write(file, bytes, length);
        int closed = close(file);
        long end = Stopwatch.GetTimestamp();
        Check(count == length ? closed : -1, "write", path);
        return Nanoseconds(start, end);
    }

    public static long Mount(string type, string target)
    {
        byte* name = Text(type);
        byte* where = Text(target);
        long start = Stopwatch.GetTimestamp();
        int result = mount(name, where, name, 0, null);
        long end = Stopwatch.GetTimestamp();
        Check(result, "mount", target);
        Check(umount2(where, 0), "umount", target);
        return Nanoseconds(start, end);
    }

    // A TimeSpan would round to a tenth of a microsecond.
    static long Nanoseconds(long start, long end) => (end - start) * (1_000_000_000 / Stopwatch.Frequency);

    static byte* Text(string text)
    {
        if (!Texts.TryGetValue(text, out nint bytes))
        {
            bytes = Marshal.StringToCoTaskMemUTF8(text);
            Texts.Add(text, bytes);
        }

        return (byte*)bytes;
    }

    /// <summary>Keeps this thread on one processor.</summary>
    public static void StayOn(int processor)
    {
        const int words = 128;
        ulong* mask = stackalloc ulong[words];
        new Span<ulong>(mask, words).Clear();
        mask[processor / 64] = 1UL << (processor % 64);
        Check(sched_setaffinity(0, words * sizeof(ulong), mask), "sched_setaffinity", $"{processor}");
    }

    // The errno is the last call's: close does not fail after a read or a write that failed.
    static void Check(nint result, string call, string path)
    {
        if (result < 0)
        {
            int error = Marshal.GetLastSystemError();
            throw new Win32Exception(error, $"{call} {path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int file, byte* buffer, nint count);

    [LibraryImport("libc")]
    private static partial nint write(int file, byte* buffer, nint count);

    [LibraryImport("libc")]
    private static partial int close(int file);

    [LibraryImport("libc")]
    private static partial int mount(byte* source, byte* target, byte* type, ulong flags, byte* data);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nint size, ulong* mask);

    [LibraryImport("libc")]
    private static partial int umount2(byte* target, int flags);
}
