using System.Collections.Concurrent;
using System.Text;
using Caisson.Fuse.Nodes;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;

namespace Caisson.Fuse.Tests;

/// <summary>
/// Readers of the page cache, which all readers of a file share and its size with it, among others who open the file meanwhile
/// and are shown contents of other lengths: no zeros, nothing of another content, nothing missing. Nobody asks for
/// a size here: a thread that the kernel lets sleep between noting a size and cutting the pages may cut those that came meanwhile.
/// </summary>
public sealed class PageTests
{
    int _number;

    [Theory]
    [InlineData(30, 3)]
    [InlineData(9000, 3)]
    public void A_reader_of_pages_sees_its_own_content_whatever_others_do(int most, int seconds)
    {
        using Mounted mounted = new(new FuseFile("file", 0x124, new TestFile(_ => Content(Interlocked.Increment(ref _number), most))));
        string path = mounted.PathOf("file");
        ConcurrentBag<string> wrong = [];
        int whole = 0;
        DateTime end = DateTime.UtcNow.AddSeconds(seconds);
        Action[] actors =
        [
            () => Keep(wrong, ref whole, SendAll(path)),
            () => Keep(wrong, ref whole, SendAll(path)),
            () => Open(path, _ => { }),
            () => Open(path, fd => Posix.ReadAt(fd, new byte[10], 3)),
            () => Open(path, fd => Posix.Read(fd, new byte[10000])),
        ];
        Thread[] threads = [.. actors.Select(act => new Thread(() =>
        {
            while (DateTime.UtcNow < end)
            {
                act();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromSeconds(30))));

        Assert.Empty(wrong);
        Assert.InRange(whole, 50, int.MaxValue);
    }

    [Fact]
    public void Pages_go_on_with_what_read_has_begun()
    {
        using Mounted mounted = new(new FuseFile("file", 0x124, new TestFile(_ => Content(Interlocked.Increment(ref _number), 100))));
        byte[] begun = new byte[7];
        byte[] rest = [];
        Open(mounted.PathOf("file"), fd =>
        {
            Assert.Equal(7, Posix.Read(fd, begun));
            // Long enough for a content that nobody has begun with to be made anew.
            Thread.Sleep(150);
            rest = Sent(fd);
        });

        Assert.True(IsOne([.. begun, .. rest]));
    }

    // Its length, then one letter.
    static string Content(int number, int most) =>
        string.Create(8 + (number * 7919 % most), number, static (span, number) =>
        {
            span.Fill((char)('a' + (number % 26)));
            span.Length.TryFormat(span[..6], out _, "d6");
        });

    static bool IsOne(byte[] bytes)
    {
        string text = Encoding.ASCII.GetString(bytes);
        return text.Length > 6 && text[..6] == $"{text.Length:d6}" && text[6..].Distinct().Count() == 1;
    }

    static void Keep(ConcurrentBag<string> wrong, ref int whole, byte[] bytes)
    {
        if (IsOne(bytes))
        {
            Interlocked.Increment(ref whole);
        }
        else
        {
            wrong.Add($"{bytes.Length} bytes: {Encoding.ASCII.GetString(bytes.Take(10).ToArray())}, {bytes.Count(it => it == 0)} zeros");
        }
    }

    static byte[] SendAll(string path)
    {
        byte[] all = [];
        Open(path, fd => all = Sent(fd));
        return all;
    }

    // As programs do it: what cannot be sent is read.
    static byte[] Sent(int fd)
    {
        (int read, int write) = Posix.Pipe();
        List<byte> all = [];
        byte[] buffer = new byte[65536];
        long count;
        while ((count = Posix.SendFile(write, fd, 50_000)) > 0)
        {
            all.AddRange(buffer.AsSpan(0, (int)Posix.Read(read, buffer)));
        }

        Posix.Close(read);
        Posix.Close(write);
        while (count == -(long)Errno.EINVAL && Posix.Read(fd, buffer) is > 0 and long more)
        {
            all.AddRange(buffer.AsSpan(0, (int)more));
        }

        return [.. all];
    }

    static void Open(string path, Action<int> use)
    {
        int fd = Posix.Open(path, Posix.O_RDONLY);
        Assert.True(fd >= 0, $"open: {(Errno)(-fd)}");
        use(fd);
        Posix.Close(fd);
    }
}
