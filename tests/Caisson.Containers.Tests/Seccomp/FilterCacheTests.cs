using System.Diagnostics;
using Caisson.Containers.Seccomp;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Seccomp;
using CsCheck;

namespace Caisson.Containers.Tests.Seccomp;

public sealed class FilterCacheTests : IDisposable
{
    static readonly byte[] Profile = Profiles.Bytes(Profiles.Docker28);

    readonly string _parent = System.IO.Directory.CreateTempSubdirectory("caisson-cache-").FullName;
    readonly FilterCache _cache;
    int _compiled;

    public FilterCacheTests() => _cache = new FilterCache(Path.Combine(_parent, "seccomp"));

    string CacheDirectory => Path.Combine(_parent, "seccomp");

    public void Dispose() => System.IO.Directory.Delete(_parent, recursive: true);

    [Fact]
    public void Get_CompilesOnce()
    {
        byte[] program = [.. Enumerable.Range(0, 4000).Select(it => (byte)it)];

        Assert.Equal(program, Get(Profile, Isolation.Plain, program).Instructions);
        Assert.Equal(program, Get(Profile, Isolation.Plain, new byte[8]).Instructions);
        Assert.Equal(SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG, Get(Profile, Isolation.Plain, new byte[8]).Flags);
        Assert.Equal(1, _compiled);
    }

    [Fact]
    public void Get_TellsProfilesAndIsolationsApart()
    {
        Get(Profile, Isolation.Plain, Program(1));

        Assert.Equal(Program(2), Get(Profile, Isolation.System, Program(2)).Instructions);
        Assert.Equal(Program(3), Get([.. Profile, (byte)' '], Isolation.Plain, Program(3)).Instructions);
        Assert.Equal(Program(1), Get(Profile, Isolation.Plain, Program(4)).Instructions);
    }

    [Fact]
    public void Get_KeepsNothingForAProfileThatSaysNothing()
    {
        Assert.Null(_cache.Get("{}"u8, Isolation.Plain, () => null));
        Assert.False(System.IO.Directory.Exists(CacheDirectory));
    }

    [Fact]
    public void Get_MakesThePrivateDirectory()
    {
        Get(Profile, Isolation.Plain, Program(1));

        Assert.Equal(0x1c0u, ModeOf(CacheDirectory));
        Assert.Equal(0x180u, ModeOf(OnlyFile()));
    }

    [Fact]
    public void Get_DoesNotUseAFileWhoseKeyIsAnother()
    {
        Get(Profile, Isolation.Plain, Program(1));
        string plain = OnlyFile();
        Get(Profile, Isolation.System, Program(2));
        string system = System.IO.Directory.GetFiles(CacheDirectory).Single(it => it != plain);
        File.Copy(system, plain, overwrite: true);

        Assert.Equal(Program(3), Get(Profile, Isolation.Plain, Program(3)).Instructions);
    }

    [Fact]
    public void Get_NeverLoadsADamagedFileAndNeverThrows()
    {
        byte[] profile = Profile[..200];
        Get(profile, Isolation.Plain, Program(1));
        string file = OnlyFile();
        byte[] good = File.ReadAllBytes(file);
        Gen<byte[]> damaged = Gen.OneOf(
            Gen.Int[0, good.Length - 1].Select(length => good[..length]),
            Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte[1, 255], (at, bits) =>
            {
                byte[] bytes = [.. good];
                bytes[at] ^= bits;
                return bytes;
            }),
            Gen.Byte.Array[1, 100].Select(more => (byte[])[.. good, .. more]),
            Gen.Select(Gen.Int[8, 31], Gen.Byte.Array[1, 16], (at, some) =>
            {
                byte[] bytes = [.. good];
                some.CopyTo(bytes, at);
                return bytes;
            }).Where(it => !it.AsSpan().SequenceEqual(good)),
            Gen.Byte.Array[0, 300]);

        damaged.Sample(
            bytes =>
            {
                File.WriteAllBytes(file, bytes);
                Assert.Equal(Program(2), Get(profile, Isolation.Plain, Program(2)).Instructions);
            },
            threads: 1, iter: 2000);
    }

    [Fact]
    public void Get_ReadsNothingThatOthersMayWrite()
    {
        Get(Profile, Isolation.Plain, Program(1));
        Nodes.ChangeMode(Fd.CurrentDirectory, OnlyFile(), 0x190 /* 0620 */);
        Assert.Equal(Program(2), Get(Profile, Isolation.Plain, Program(2)).Instructions);

        Nodes.ChangeMode(Fd.CurrentDirectory, CacheDirectory, 0x1c2 /* 0702 */);
        Assert.Equal(Program(3), Get(Profile, Isolation.Plain, Program(3)).Instructions);
        Assert.Equal(Program(4), Get(Profile, Isolation.Plain, Program(4)).Instructions);
    }

    [Fact]
    public void Get_ReadsNothingThatAnotherUserOwns()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        Get(Profile, Isolation.Plain, Program(1));
        Nodes.ChangeOwner(Fd.CurrentDirectory, OnlyFile(), 1000, uint.MaxValue);
        Assert.Equal(Program(2), Get(Profile, Isolation.Plain, Program(2)).Instructions);

        Nodes.ChangeOwner(Fd.CurrentDirectory, CacheDirectory, 1000, uint.MaxValue);
        Assert.Equal(Program(3), Get(Profile, Isolation.Plain, Program(3)).Instructions);
        Assert.Equal(Program(4), Get(Profile, Isolation.Plain, Program(4)).Instructions);
    }

    [Fact]
    public void Get_FollowsNoSymbolicLink()
    {
        Get(Profile, Isolation.Plain, Program(1));
        string file = OnlyFile();
        File.Move(file, Path.Combine(_parent, "moved"));
        File.CreateSymbolicLink(file, Path.Combine(_parent, "moved"));
        Assert.Equal(Program(2), Get(Profile, Isolation.Plain, Program(2)).Instructions);

        System.IO.Directory.Move(CacheDirectory, Path.Combine(_parent, "elsewhere"));
        System.IO.Directory.CreateSymbolicLink(CacheDirectory, Path.Combine(_parent, "elsewhere"));
        Assert.Equal(Program(3), Get(Profile, Isolation.Plain, Program(3)).Instructions);
        System.IO.Directory.Delete(CacheDirectory);
    }

    [Fact]
    public void Get_DoesNotWaitForAFifo_NorStumbleOverADirectory()
    {
        Get(Profile, Isolation.Plain, Program(1));
        string file = OnlyFile();
        File.Delete(file);
        Assert.Equal(Errno.None, Nodes.TryMakeNode(Fd.CurrentDirectory, file, FileKind.Fifo, 0x180, 0, 0));
        Assert.Equal(Program(2), Get(Profile, Isolation.Plain, Program(2)).Instructions);

        File.Delete(file);
        System.IO.Directory.CreateDirectory(Path.Combine(file, "inner"));
        Assert.Equal(Program(3), Get(Profile, Isolation.Plain, Program(3)).Instructions);
    }

    [Fact]
    public void Get_CompilesWhereNothingCanBeStored()
    {
        File.WriteAllText(CacheDirectory, "a file");

        Assert.Equal(Program(1), Get(Profile, Isolation.Plain, Program(1)).Instructions);
    }

    [Fact]
    public void Get_KeepsABoundedNumberOfFilters()
    {
        for (byte i = 0; i < FilterCache.MaxEntries + 10; i++)
        {
            Get([i], Isolation.Plain, Program(i));
        }

        Assert.Equal(FilterCache.MaxEntries, System.IO.Directory.GetFiles(CacheDirectory).Length);
        Assert.Equal(Program(FilterCache.MaxEntries + 9), Get([FilterCache.MaxEntries + 9], Isolation.Plain, Program(0)).Instructions);
        Assert.Equal(Program(99), Get([0], Isolation.Plain, Program(99)).Instructions);
    }

    [Fact]
    public void Get_IsFarFasterThanTheCompiler()
    {
        SeccompFilter Compile() => SeccompCompiler.Compile(Profiles.Read(Profiles.Docker28))!;
        TimeSpan compile = Median(5, () => Compile());
        _cache.Get(Profile, Isolation.Plain, Compile);
        TimeSpan hit = Median(200, () => _cache.Get(Profile, Isolation.Plain, () => throw new InvalidOperationException()));

        TestContext.Current.TestOutputHelper?.WriteLine($"compile {compile.TotalMilliseconds:f3} ms, hit {hit.TotalMilliseconds:f3} ms");
        Assert.True(hit * 10 < compile, $"compile {compile.TotalMilliseconds} ms, hit {hit.TotalMilliseconds} ms");
    }

    static TimeSpan Median(int count, Action action)
    {
        action();
        List<TimeSpan> times = [];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        times.Sort();
        return times[count / 2];
    }

    static uint ModeOf(string path) =>
        Stat.TryOfLink(Fd.CurrentDirectory, path, out statx found) == Errno.None ? found.Permissions : 0;

    static byte[] Program(byte seed) => [seed, 1, 2, 3, 4, 5, 6, 7];

    string OnlyFile() => Assert.Single(System.IO.Directory.GetFiles(CacheDirectory));

    SeccompFilter Get(byte[] profile, Isolation isolation, byte[] program) => _cache.Get(profile, isolation, () =>
    {
        _compiled++;
        return new SeccompFilter(program, SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG);
    })!;
}
