using System.Text;
using Caisson.Kernel.Files;

namespace Caisson.Kernel.Tests.Files;

public sealed class SmallFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void A_file_is_read_to_its_end_or_to_the_buffers(int size)
    {
        using TemporaryDirectory directory = new();
        byte[] content = [.. Enumerable.Range(0, size).Select(i => (byte)i)];
        File.WriteAllBytes($"{directory.Path}/file", content);
        using Fd opened = OpenAt2.Open(directory.Path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        byte[] buffer = new byte[4096];

        Assert.Equal(Errno.None, SmallFile.TryRead(opened, "file\0"u8, ResolveFlags.RESOLVE_BENEATH, buffer, out int length));
        Assert.Equal(content[..Math.Min(size, buffer.Length)], buffer[..length]);

        Assert.Equal(Errno.None, SmallFile.TryOpen(opened, "file\0"u8, ResolveFlags.None, out Fd? file));
        using (file)
        {
            // From the start each time, with what is there then.
            File.WriteAllText($"{directory.Path}/file", "new");
            Assert.Equal(Errno.None, SmallFile.TryRead(file!, buffer, out length));
            Assert.Equal("new", Encoding.ASCII.GetString(buffer[..length]));
        }
    }

    [Fact]
    public void What_the_kernel_makes_in_several_pages_is_read_whole()
    {
        byte[] buffer = new byte[1024 * 1024];
        using Fd file = OpenAt2.Open("/proc/kallsyms", OpenFlags.O_RDONLY);

        Assert.Equal(Errno.None, SmallFile.TryRead(file, buffer, out int length));
        Assert.Equal(buffer.Length, length);
        using Fd proc = OpenAt2.Open("/proc/self", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        Assert.Equal(Errno.None, SmallFile.TryRead(proc, "smaps\0"u8, ResolveFlags.None, buffer, out length));
        Assert.EndsWith("\n", Encoding.UTF8.GetString(buffer[..length]));
        Assert.InRange(length, 5000, buffer.Length - 1);
    }

    [Fact]
    public void A_failure_is_an_answer()
    {
        using TemporaryDirectory directory = new();
        using Fd opened = OpenAt2.Open(directory.Path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        byte[] buffer = new byte[16];

        Assert.Equal(Errno.ENOENT, SmallFile.TryRead(opened, "missing\0"u8, ResolveFlags.None, buffer, out _));
        Assert.Equal(Errno.EXDEV, SmallFile.TryRead(opened, "../x\0"u8, ResolveFlags.RESOLVE_BENEATH, buffer, out _));
        Assert.Equal(Errno.EISDIR, SmallFile.TryRead(opened, ".\0"u8, ResolveFlags.None, buffer, out int length));
        Assert.Equal(0, length);
        Assert.Equal(Errno.EINVAL, SmallFile.TryRead(opened, "no end"u8, ResolveFlags.None, buffer, out _));
        Assert.Equal(Errno.EINVAL, SmallFile.TryOpen(opened, default, ResolveFlags.None, out Fd? file));
        Assert.Null(file);
    }
}
