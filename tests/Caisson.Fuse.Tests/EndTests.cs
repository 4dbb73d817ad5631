using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Tests.Harness;

namespace Caisson.Fuse.Tests;

/// <summary>Where a file ends, asked in pairs: an ordinary file of the kernel's tmpfs says what is right, then ours must say the same.</summary>
public sealed class EndTests
{
    const int PageSize = 4096;

    static readonly int[] s_lengths = [0, 1, 6, 4095, 4096, 4097, 8192, 20_000, 131_072, 131_073];

    static readonly Dictionary<string, Func<int, int, string>> s_questions = new()
    {
        ["mmap to the last page's end"] = (fd, length) =>
            length == 0 ? "" : Text(Posix.ReadMapping(fd, (length + PageSize - 1) / PageSize * PageSize)),
        ["mmap of a middle page"] = (fd, length) => length < 3 * PageSize ? "" : Text(Posix.ReadMapping(fd, length).AsSpan(PageSize, PageSize)),
        ["sendfile to the end and beyond"] = (fd, _) => ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, 30_000)),
        ["sendfile from the middle"] = (fd, length) => $"{Posix.Seek(fd, length / 2, Posix.SEEK_SET)} {ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, 30_000))}",
        ["sendfile from behind the end"] = (fd, length) => $"{Posix.Seek(fd, length + 10, Posix.SEEK_SET)} {ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, 30_000))}",
        ["splice to the end and beyond"] = (fd, _) => ThroughPipe(fd, pipe => Posix.Splice(fd, pipe, 30_000)),
        ["splice from behind the end"] = (fd, length) => $"{Posix.Seek(fd, length + 1, Posix.SEEK_SET)} {ThroughPipe(fd, pipe => Posix.Splice(fd, pipe, 30_000))}",
        ["copy_file_range, and read where it is refused"] = (fd, _) => Copied(fd),
        ["pread around the end"] = (fd, length) => string.Join(
            ", ", new long[] { 0, length - 1, length, length + 1, length + PageSize, 1L << 40 }.Where(it => it >= 0).Select(offset => ReadAt(fd, offset))),
        ["read in odd steps"] = (fd, _) => Collect(buffer => Posix.Read(fd, buffer), 777),
        ["fstat and lseek"] = (fd, length) =>
            $"{Posix.SizeOf(fd)} {Posix.Seek(fd, 0, Posix.SEEK_END)} {Posix.Seek(fd, 0, Posix.SEEK_HOLE)} {Posix.Seek(fd, length, Posix.SEEK_DATA)}",
    };

    public static TheoryData<string> Questions => [.. s_questions.Keys];

    [Theory]
    [MemberData(nameof(Questions))]
    public void Both_say_the_same(string question)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        using ScratchTmpfs tmpfs = new();
        string content = "";
        using Mounted mounted = new(new FuseFile("file", 0x124, new TestFile(_ => content)));
        // Back and forth: what was asked about a longer content must not show in a shorter one, and the other way round.
        foreach (int length in s_lengths.Concat(s_lengths.Reverse()))
        {
            content = string.Create(length, length, static (span, length) =>
            {
                for (int i = 0; i < span.Length; i++)
                {
                    span[i] = (char)('a' + ((i / 5) + length) % 26);
                }
            });
            File.WriteAllText($"{tmpfs.Root}/file", content);
            string right = Ask(question, $"{tmpfs.Root}/file", length);
            mounted.WaitUntilClosed();

            Assert.Equal(right, Ask(question, mounted.PathOf("file"), length));
        }

        Assert.Empty(mounted.Log);
    }

    static string Ask(string question, string path, int length)
    {
        int fd = Posix.Open(path, Posix.O_RDONLY);
        Assert.True(fd >= 0, $"open: {fd}");
        try
        {
            return s_questions[question](fd, length);
        }
        finally
        {
            Posix.Close(fd);
        }
    }

    static string Copied(int fd)
    {
        string path = Path.GetTempFileName();
        int target = Posix.Open(path, Posix.O_RDWR);
        // EXDEV for both, where the kernel copies within one file system only. Neither may have moved then.
        long copied = Posix.CopyRange(fd, target, 300_000);
        string text = copied > 0 ? File.ReadAllText(path) : Collect(buffer => Posix.Read(fd, buffer), 65536);
        Posix.Close(target);
        File.Delete(path);
        return text;
    }

    static string ReadAt(int fd, long offset)
    {
        byte[] buffer = new byte[PageSize + 10];
        long count = Posix.ReadAt(fd, buffer, offset);
        return count < 0 ? $"{count}" : Text(buffer.AsSpan(0, (int)count));
    }

    delegate long Reader(Span<byte> buffer);

    static string Collect(Reader read, int step)
    {
        StringBuilder all = new();
        byte[] buffer = new byte[step];
        long count;
        while ((count = read(buffer)) > 0)
        {
            all.Append(Text(buffer.AsSpan(0, (int)count)));
        }

        return $"{all}, then {count}";
    }

    static string ThroughPipe(int fd, Func<int, long> move)
    {
        (int read, int write) = Posix.Pipe();
        StringBuilder all = new();
        byte[] buffer = new byte[65536];
        long count;
        while ((count = move(write)) > 0)
        {
            for (long left = count; left > 0;)
            {
                long got = Posix.Read(read, buffer);
                all.Append(Text(buffer.AsSpan(0, (int)got)));
                left -= got;
            }
        }

        Posix.Close(read);
        Posix.Close(write);
        return $"{all}, then {count}";
    }

    static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
