using System.Text;
using Caisson.Kernel;
using static Caisson.Fuse.Tests.Harness.Posix;

namespace Caisson.Fuse.Tests;

/// <summary>
/// What programs rely on, by name. Each is given a directory with the files "file" and "other" (<see cref="Content"/>),
/// "empty" and "large" (<see cref="LargeContent"/>), all of mode 0644.
/// </summary>
static class PosixSuite
{
    public const string Content = "the quick brown fox\n";

    public static string LargeContent { get; } = string.Concat(Enumerable.Range(0, 20000).Select(i => $"{i:x7}\n"));

    public static IReadOnlyDictionary<string, Action<string>> All { get; } = new Dictionary<string, Action<string>>
    {
        ["a file is read to its end, and then there is nothing"] = directory => With($"{directory}/file", O_RDONLY, fd =>
        {
            Assert.Equal(Content, ReadText(fd, 100));
            Assert.Equal("", ReadText(fd, 100));
            Assert.Equal("", ReadText(fd, 100));
        }),
        ["reads go on where the last one ended"] = directory => With($"{directory}/file", O_RDONLY, fd =>
            Assert.Equal(["the ", "quic", "k br"], [ReadText(fd, 4), ReadText(fd, 4), ReadText(fd, 4)])),
        ["pread reads anywhere and moves nothing"] = directory => With($"{directory}/file", O_RDONLY, fd =>
        {
            byte[] bytes = new byte[5];
            Assert.Equal(5, ReadAt(fd, bytes, 4));
            Assert.Equal("quick"u8, bytes);
            Assert.Equal(4, ReadAt(fd, bytes, Content.Length - 4));
            Assert.Equal(0, ReadAt(fd, bytes, Content.Length));
            Assert.Equal(0, ReadAt(fd, bytes, 1 << 20));
            Assert.Equal("the ", ReadText(fd, 4));
        }),
        ["pread at a negative offset is EINVAL"] = directory => With($"{directory}/file", O_RDONLY, fd =>
            AssertErrno(Errno.EINVAL, ReadAt(fd, new byte[5], -1))),
        ["lseek moves to what it says"] = directory => With($"{directory}/file", O_RDONLY, fd =>
        {
            Assert.Equal(10, Seek(fd, 10, SEEK_SET));
            Assert.Equal("brown", ReadText(fd, 5));
            Assert.Equal(16, Seek(fd, 1, SEEK_CUR));
            Assert.Equal("fox\n", ReadText(fd, 100));
            Assert.Equal(Content.Length - 4, Seek(fd, -4, SEEK_END));
            Assert.Equal("fox\n", ReadText(fd, 100));
            Assert.Equal(1000, Seek(fd, 1000, SEEK_SET));
            Assert.Equal("", ReadText(fd, 100));
            AssertErrno(Errno.EINVAL, Seek(fd, -1, SEEK_SET));
        }),
        ["all of a file is data"] = directory => With($"{directory}/file", O_RDONLY, fd =>
        {
            Assert.Equal(3, Seek(fd, 3, SEEK_DATA));
            Assert.Equal(Content.Length, Seek(fd, 3, SEEK_HOLE));
            AssertErrno(Errno.ENXIO, Seek(fd, 1000, SEEK_DATA));
        }),
        ["two who open a file have positions of their own"] = directory => With($"{directory}/file", O_RDONLY, first =>
            With($"{directory}/file", O_RDONLY, second =>
            {
                Assert.Equal("the quick", ReadText(first, 9));
                Assert.Equal("the", ReadText(second, 3));
                Assert.Equal(" brown", ReadText(first, 6));
                Assert.Equal(" quick", ReadText(second, 6));
            })),
        ["a large file is read whole in steps of any size"] = directory =>
        {
            foreach (int step in (int[])[1000, 4096, 70001, 131072, 1 << 20])
            {
                With($"{directory}/large", O_RDONLY, fd => Assert.Equal(LargeContent, ReadAll(fd, step)));
            }
        },
        ["a large file is read at odd places"] = directory => With($"{directory}/large", O_RDONLY, fd =>
        {
            byte[] bytes = new byte[5000];
            foreach (int offset in (int[])[1, 4095, 4097, 131071, 131073, LargeContent.Length - 1, LargeContent.Length - 5000])
            {
                int count = Math.Min(5000, LargeContent.Length - offset);
                Assert.Equal(count, ReadAt(fd, bytes, offset));
                Assert.Equal(LargeContent.Substring(offset, count), Encoding.ASCII.GetString(bytes, 0, count));
            }
        }),
        ["an open file has the size of its content"] = directory =>
        {
            With($"{directory}/file", O_RDONLY, fd => Assert.Equal(Content.Length, SizeOf(fd)));
            With($"{directory}/empty", O_RDONLY, fd => Assert.Equal(0, SizeOf(fd)));
            With($"{directory}/large", O_RDONLY, fd => Assert.Equal(LargeContent.Length, SizeOf(fd)));
        },
        ["what is written is read by who opens next"] = directory =>
        {
            With($"{directory}/file", O_WRONLY | O_TRUNC, fd => Assert.Equal(6, Write(fd, "second"u8)));
            Assert.Equal("second", File.ReadAllText($"{directory}/file"));
        },
        ["what is written is read by who has the file open"] = directory => With($"{directory}/file", O_RDONLY, reader =>
        {
            With($"{directory}/file", O_WRONLY | O_TRUNC, fd => Assert.Equal(6, Write(fd, "second"u8)));
            Assert.Equal("second", ReadText(reader, 100));
        }),
        ["what is written is read through the same descriptor"] = directory => With($"{directory}/file", O_RDWR | O_TRUNC, fd =>
        {
            Assert.Equal(5, Write(fd, "third"u8));
            Assert.Equal("", ReadText(fd, 100));
            Assert.Equal(0, Seek(fd, 0, SEEK_SET));
            Assert.Equal("third", ReadText(fd, 100));
        }),
        ["a shell's redirection writes"] = directory =>
        {
            With($"{directory}/file", O_WRONLY | O_CREAT | O_TRUNC, fd => Assert.Equal(2, Write(fd, "1\n"u8)));
            With($"{directory}/file", O_WRONLY | O_CREAT | O_TRUNC, fd => Assert.Equal(2, Write(fd, "2\n"u8)));
            Assert.Equal("2\n", File.ReadAllText($"{directory}/file"));
        },
        ["a write goes where it is told"] = directory =>
        {
            With($"{directory}/file", O_RDWR, fd => Assert.Equal(4, WriteAt(fd, "slow"u8, 4)));
            Assert.Equal("the slowk brown fox\n", File.ReadAllText($"{directory}/file"));
        },
        ["a large write arrives whole"] = directory =>
        {
            With($"{directory}/file", O_WRONLY | O_TRUNC, fd =>
            {
                byte[] bytes = Encoding.ASCII.GetBytes(LargeContent);
                for (int written = 0; written < bytes.Length;)
                {
                    long count = Write(fd, bytes.AsSpan(written));
                    Assert.InRange(count, 1, bytes.Length);
                    written += (int)count;
                }
            });
            Assert.Equal(LargeContent, File.ReadAllText($"{directory}/file"));
        },
        ["a write of nothing is nothing"] = directory => With($"{directory}/file", O_WRONLY, fd => Assert.Equal(0, Write(fd, []))),
        ["truncation is no error"] = directory => With($"{directory}/file", O_RDWR, fd => Assert.Equal(0, Truncate(fd, 0))),
        ["touch is no error"] = directory => Assert.Equal(0, Touch($"{directory}/file")),
        ["fsync is no error"] = directory => With($"{directory}/file", O_RDWR, fd => Assert.Equal(0, Synchronize(fd))),
        ["poll finds a file ready"] = directory => With($"{directory}/file", O_RDWR, fd => Assert.Equal(1 | 4, Poll(fd))),
        ["who opened for reading cannot write"] = directory => With($"{directory}/file", O_RDONLY, fd =>
            AssertErrno(Errno.EBADF, Write(fd, "x"u8))),
        ["who opened for writing cannot read"] = directory => With($"{directory}/file", O_WRONLY, fd =>
            AssertErrno(Errno.EBADF, Read(fd, new byte[10]))),
        ["a mapping shows the content"] = directory => With($"{directory}/large", O_RDONLY, fd =>
            Assert.Equal(LargeContent, Encoding.ASCII.GetString(ReadMapping(fd, LargeContent.Length)))),
        ["sendfile sends all"] = directory => With($"{directory}/file", O_RDONLY, fd =>
        {
            (int read, int write) = Pipe();
            Assert.Equal(Content.Length, SendFile(write, fd, 4096));
            Assert.Equal(0, SendFile(write, fd, 4096));
            Assert.Equal(Content, ReadText(read, 100));
            Close(read);
            Close(write);
        }),
        ["what is not there is ENOENT"] = directory => AssertErrno(Errno.ENOENT, Open($"{directory}/nothing", O_RDONLY)),
        ["a name that is too long is ENAMETOOLONG"] = directory =>
            AssertErrno(Errno.ENAMETOOLONG, Open($"{directory}/{new string('x', 256)}", O_RDONLY)),
        ["a file is no directory"] = directory =>
        {
            AssertErrno(Errno.ENOTDIR, Open($"{directory}/file/", O_RDONLY));
            AssertErrno(Errno.ENOTDIR, Open($"{directory}/file/x", O_RDONLY));
            AssertErrno(Errno.ENOTDIR, Open($"{directory}/file", O_RDONLY | O_DIRECTORY));
        },
        ["a directory is no file"] = directory =>
        {
            AssertErrno(Errno.EISDIR, Open($"{directory}/.", O_WRONLY));
            With($"{directory}/.", O_RDONLY, fd => AssertErrno(Errno.EISDIR, Read(fd, new byte[10])));
        },
        ["what is there cannot be made"] = directory =>
        {
            AssertErrno(Errno.EEXIST, Open($"{directory}/file", O_WRONLY | O_CREAT | O_EXCL));
            AssertErrno(Errno.EEXIST, MakeDirectory($"{directory}/file"));
        },
        ["the directory lists its files"] = directory =>
            Assert.Equal(["empty", "file", "large", "other"], Directory.GetFiles(directory).Select(Path.GetFileName).Order()),
        ["files are what they are"] = directory =>
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                File.GetUnixFileMode($"{directory}/file"));
            Assert.Equal(FileAttributes.Normal, File.GetAttributes($"{directory}/file"));
            Assert.True(Directory.Exists(directory));
        },
        ["the file system tells of itself"] = directory => Assert.Equal(0, StatFileSystem($"{directory}/file")),
    };

    static void With(string path, int flags, Action<int> use)
    {
        int fd = Open(path, flags);
        Assert.True(fd >= 0, $"open: {(Errno)(-fd)}");
        try
        {
            use(fd);
        }
        finally
        {
            Assert.Equal(0, Close(fd));
        }
    }

    static string ReadText(int fd, int most)
    {
        byte[] bytes = new byte[most];
        long count = Read(fd, bytes);
        Assert.True(count >= 0, $"read: {(Errno)(-count)}");
        return Encoding.ASCII.GetString(bytes, 0, (int)count);
    }

    static string ReadAll(int fd, int step)
    {
        StringBuilder all = new();
        while (ReadText(fd, step) is { Length: > 0 } text)
        {
            all.Append(text);
        }

        return all.ToString();
    }

    static void AssertErrno(Errno expected, long result) => Assert.Equal(expected, (Errno)(-result));
}
