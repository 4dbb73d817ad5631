using System.Collections.Concurrent;
using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests;

/// <summary>Which content an open file shows, and for how long.</summary>
[Collection(nameof(Alone))]
public sealed class SnapshotTests : IDisposable
{
    int _number;
    int _length = 4000;
    readonly Mounted _mounted;

    // The same number over and over: two contents mixed would show.
    public SnapshotTests() => _mounted = new Mounted(new FuseFile("file", 0x124, new TestFile(_ =>
        string.Concat(Enumerable.Repeat($"{Interlocked.Increment(ref _number):d9}\n", _length / 10)))));

    public void Dispose() => _mounted.Dispose();

    [Fact]
    public void Who_reads_in_small_steps_sees_one_content_only()
    {
        using FileStream file = new(_mounted.PathOf("file"), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        StringBuilder all = new();
        byte[] step = new byte[7];
        for (int count; (count = file.Read(step)) > 0;)
        {
            all.Append(Encoding.ASCII.GetString(step, 0, count));
            File.ReadAllText(_mounted.PathOf("file"));
        }

        AssertOneContent(all.ToString());
    }

    [Fact]
    public void From_the_start_again_it_is_the_newest()
    {
        int fd = Open();
        AssertOneContent(ReadAt(fd, 0));
        int number = _number;
        Assert.Equal(Content(number + 1), ReadAt(fd, 0));
        Assert.Equal(Content(number + 1)[100..], ReadAt(fd, 100));
        Posix.Close(fd);
    }

    [Fact]
    public void What_was_opened_long_ago_is_read_as_it_is_now()
    {
        int fd = Open();
        int number = _number;
        // Time is what this is about.
        Thread.Sleep(150);
        Assert.Equal(Content(number + 1), ReadAt(fd, 0));
        Posix.Close(fd);
    }

    [Fact]
    public void Thousands_of_open_files_cost_no_more_than_some_and_all_can_be_read()
    {
        _length = 100_000;
        int[] fds = [.. Enumerable.Range(0, 1500).Select(_ => Open())];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int rendered = _number;

        string[] contents = [.. fds.Select(fd => ReadAt(fd, 0)[..1000])];
        Assert.Equal(fds.Length, contents.Distinct().Count());
        Assert.All(fds.Skip(1400), fd => Assert.Equal(100_000, ReadAt(fd, 50_000).Length + 50_000));
        long after = GC.GetTotalMemory(forceFullCollection: true);

        Assert.InRange(after - before - contents.Sum(it => 2L * it.Length), long.MinValue, 4 << 20);
        Assert.InRange(_number, rendered, rendered + 2 * fds.Length);
        Array.ForEach(fds, fd => Posix.Close(fd));
    }

    [Fact]
    public void Many_readers_at_once_see_whole_contents()
    {
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            for (int j = 0; j < 100; j++)
            {
                int fd = Open();
                byte[] bytes = new byte[Posix.SizeOf(fd)];
                int step = i % 2 == 0 ? bytes.Length : 777;
                int read = 0;
                while (Posix.Read(fd, bytes.AsSpan(read, Math.Min(step, bytes.Length - read))) is > 0 and long count)
                {
                    read += (int)count;
                }

                Posix.Close(fd);
                AssertOneContent(Encoding.ASCII.GetString(bytes));
                Interlocked.Increment(ref _whole);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));

        Assert.Equal(800, _whole);
    }

    int _whole;

    [Fact]
    public void Two_who_splice_at_once_are_not_given_each_others_pages()
    {
        int first = Open();
        int second = Open();
        (int read, int write) = Posix.Pipe();

        // Each may still use the page cache, which is one: so neither can, and both read instead.
        Assert.Equal(-(long)Errno.EINVAL, Posix.SendFile(write, first, 65536));
        string shown = ReadAt(first, 0);
        AssertOneContent(shown);
        Assert.Equal(_length, Posix.SendFile(write, second, 65536));

        byte[] bytes = new byte[65536];
        string sent = Encoding.ASCII.GetString(bytes, 0, (int)Posix.Read(read, bytes));
        AssertOneContent(sent);
        Assert.NotEqual(shown, sent);
        Array.ForEach([first, second, read, write], fd => Posix.Close(fd));
    }

    [Fact]
    public void Two_views_have_two_sizes()
    {
        ConcurrentDictionary<int, int> lengths = new();
        using Mounted mounted = new(new FuseFile("file", 0x124, new TestFile(
            caller => new string('x', lengths.GetOrAdd(caller.Pid, _ => 100 + (lengths.Count * 7))))));
        using Barrier barrier = new(2);
        (long Size, long Read)[] views = new (long, long)[2];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            int fd = Posix.Open(mounted.PathOf("file"), Posix.O_RDONLY);
            // Both have opened before one asks for the size.
            barrier.SignalAndWait(TimeSpan.FromSeconds(10));
            views[i] = (Posix.SizeOf(fd), Posix.Read(fd, new byte[1000]));
            Posix.Close(fd);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));

        Assert.Equal([100, 107], lengths.Values.Order());
        Assert.All(views, view => Assert.Equal(view.Read, view.Size));
    }

    [Fact]
    public void An_open_read_and_close_is_three_requests_and_one_nobody_waits_for()
    {
        File.ReadAllText(_mounted.PathOf("file"));
        Read();
        Read();
        _mounted.WaitUntilClosed();
        _mounted.TakeRequests();
        Read();
        _mounted.WaitUntilClosed();

        Assert.Equal(
            [Opcode.FUSE_OPEN, Opcode.FUSE_READ, Opcode.FUSE_READ, Opcode.FUSE_RELEASE],
            _mounted.TakeRequests().Select(it => it.Opcode));
    }

    void Read()
    {
        int fd = Open();
        byte[] bytes = new byte[65536];
        Assert.Equal(_length, Posix.Read(fd, bytes));
        Assert.Equal(0, Posix.Read(fd, bytes));
        Posix.Close(fd);
    }

    string Content(int number) => string.Concat(Enumerable.Repeat($"{number:d9}\n", _length / 10));

    void AssertOneContent(string text)
    {
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
        Assert.Equal(_length, text.Length);
    }

    int Open()
    {
        int fd = Posix.Open(_mounted.PathOf("file"), Posix.O_RDONLY);
        Assert.True(fd >= 0, $"open: {(Errno)(-fd)}");
        return fd;
    }

    static string ReadAt(int fd, long offset)
    {
        byte[] bytes = new byte[131072];
        long count = Posix.ReadAt(fd, bytes, offset);
        Assert.True(count >= 0, $"read: {(Errno)(-count)}");
        return Encoding.ASCII.GetString(bytes, 0, (int)count);
    }
}
