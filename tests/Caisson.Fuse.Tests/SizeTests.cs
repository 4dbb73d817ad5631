using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;
using Caisson.Tests;

namespace Caisson.Fuse.Tests;

/// <summary>Whichever way a file is read, it ends where its content ends, although the kernel is told late how long that is.</summary>
public sealed class SizeTests : IDisposable
{
    string _content = "";
    readonly Mounted _mounted;

    public SizeTests() => _mounted = new Mounted(new FuseFile("file", 0x124, new TestFile(_ => _content)));

    public void Dispose() => _mounted.Dispose();

    public static TheoryData<string> Ways => [.. s_ways.Keys];

    static readonly Dictionary<string, Func<string, byte[]>> s_ways = new()
    {
        ["read"] = path => With(path, fd => Collect(buffer => Posix.Read(fd, buffer), 65536)),
        ["read byte by byte"] = path => With(path, fd => Collect(buffer => Posix.Read(fd, buffer), 1)),
        ["sendfile"] = path => With(path, fd => ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, 65536))),
        ["sendfile in small steps"] = path => With(path, fd => ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, 100))),
        ["splice"] = path => With(path, fd => ThroughPipe(fd, pipe => Posix.Splice(fd, pipe, 65536))),
        ["fstat, then sendfile"] = path => With(path, fd => ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, (int)Posix.SizeOf(fd)))),
        ["fstat, then mmap"] = path => With(path, fd => Posix.SizeOf(fd) is > 0 and long size ? Posix.ReadMapping(fd, (int)size) : []),
        ["fstat, then read"] = path => With(path, fd =>
        {
            byte[] bytes = new byte[Posix.SizeOf(fd)];
            Assert.Equal(bytes.Length, Posix.Read(fd, bytes));
            return bytes;
        }),
        ["lseek to the end"] = path => With(path, fd =>
        {
            byte[] bytes = new byte[Posix.Seek(fd, 0, Posix.SEEK_END)];
            Assert.Equal(bytes.Length, Posix.ReadAt(fd, bytes, 0));
            return bytes;
        }),
        [".NET's ReadAllBytes"] = File.ReadAllBytes,
        ["cat"] = path => Output("cat", path),
        ["busybox cat"] = path => Output("busybox", "cat", path),
        ["tail"] = path => Output("tail", "-c", "+1", path),
        ["dd bs=1"] = path => Output("dd", "bs=1", "status=none", $"if={path}"),
        ["cp"] = path =>
        {
            string copy = Path.GetTempFileName();
            Output("cp", path, copy);
            byte[] bytes = File.ReadAllBytes(copy);
            File.Delete(copy);
            return bytes;
        },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_content_that_changes_between_opens_is_read_whole_and_no_further(string way)
    {
        int[] lengths = [10, 11, 4000, 4095, 4096, 4097, 3, 12288, 12287, 0, 1, 30000, 29999, 30001, 65536, 5];
        for (int round = 0; round < 2; round++)
        {
            foreach (int length in lengths)
            {
                _content = Text(length, round);
                _mounted.WaitUntilClosed();
                byte[] read = s_ways[way](_mounted.PathOf("file"));

                Assert.Equal(_content, Encoding.ASCII.GetString(read));
            }
        }

        Assert.Empty(_mounted.Log);
    }

    [Fact]
    public void Ways_in_turn_do_not_spoil_each_others_sizes()
    {
        Random random = new(7);
        string[] ways = [.. s_ways.Keys.Where(way => !way.Contains("byte by byte") && !way.Contains("dd"))];
        for (int i = 0; i < 300; i++)
        {
            _content = Text(random.Next(4) == 0 ? random.Next(40000) : 4090 + random.Next(12), i);
            string way = ways[random.Next(ways.Length)];
            _mounted.WaitUntilClosed();

            Assert.Equal(_content, Encoding.ASCII.GetString(s_ways[way](_mounted.PathOf("file"))));
        }
    }

    [Theory]
    [InlineData(Posix.O_RDWR | Posix.O_TRUNC)]
    [InlineData(Posix.O_RDWR)]
    public void A_content_that_stays_is_there_for_who_truncates(int flags)
    {
        using Mounted mounted = new(new FuseFile("file", 0x1A4, new Lasting()));
        for (int round = 0; round < 3; round++)
        {
            foreach (Func<int, byte[]> way in s_waysOfDescriptors)
            {
                mounted.WaitUntilClosed();
                Assert.Equal(Lasting.Content, Encoding.ASCII.GetString(With(mounted.PathOf("file"), way, flags)));
                mounted.WaitUntilClosed();
                Assert.Equal(Lasting.Content, Encoding.ASCII.GetString(With(mounted.PathOf("file"), way)));
            }
        }
    }

    static readonly Func<int, byte[]>[] s_waysOfDescriptors =
    [
        fd => ThroughPipe(fd, pipe => Posix.SendFile(pipe, fd, 65536)),
        fd => ThroughPipe(fd, pipe => Posix.Splice(fd, pipe, 65536)),
        fd => Posix.ReadMapping(fd, (int)Posix.SizeOf(fd)),
        fd => Collect(buffer => Posix.Read(fd, buffer), 65536),
    ];

    // As a sysctl, which an empty write leaves as it is.
    sealed class Lasting : IReadable, IWritable
    {
        public const string Content = "12345\n";

        public Errno Read(Caller caller, ContentBuffer content)
        {
            content.Append("12345\n"u8);
            return Errno.None;
        }

        public Errno Write(Caller caller, long offset, ReadOnlySpan<byte> data) => Errno.None;
    }

    [Fact]
    public void Wc_counts_what_there_is()
    {
        _content = Text(5000, 1);

        Assert.StartsWith("5000 ", Encoding.ASCII.GetString(Output("wc", "-c", _mounted.PathOf("file"))));
    }

    // Differs at each position from round to round, so that an old page shows.
    static string Text(int length, int round) => string.Create(length, round, static (span, round) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = (char)('a' + ((i / 7) + round + span.Length) % 26);
        }
    });

    static byte[] Output(string program, params string[] arguments)
    {
        CommandResult result = Command.Run(program, arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        return Encoding.ASCII.GetBytes(result.Output);
    }

    static byte[] With(string path, Func<int, byte[]> use, int flags = Posix.O_RDONLY)
    {
        int fd = Posix.Open(path, flags);
        Assert.True(fd >= 0, $"open: {fd}");
        try
        {
            return use(fd);
        }
        finally
        {
            Posix.Close(fd);
        }
    }

    delegate long Reader(Span<byte> buffer);

    static byte[] Collect(Reader read, int step)
    {
        List<byte> all = [];
        byte[] buffer = new byte[step];
        while (true)
        {
            long count = read(buffer);
            Assert.True(count >= 0, $"read: {count}");
            if (count == 0)
            {
                return [.. all];
            }

            all.AddRange(buffer.AsSpan(0, (int)count));
        }
    }

    // A pipe holds 64 KiB, and it is emptied after each step.
    static byte[] ThroughPipe(int fd, Func<int, long> move)
    {
        (int read, int write) = Posix.Pipe();
        List<byte> all = [];
        byte[] buffer = new byte[65536];
        long count;
        while ((count = move(write)) > 0)
        {
            for (long left = count; left > 0;)
            {
                long got = Posix.Read(read, buffer);
                all.AddRange(buffer.AsSpan(0, (int)got));
                left -= got;
            }
        }

        Posix.Close(read);
        Posix.Close(write);
        Assert.True(count == 0, $"errno {-count}");
        return [.. all];
    }
}
