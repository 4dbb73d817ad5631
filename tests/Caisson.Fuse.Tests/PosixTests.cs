using Caisson.Fuse.Nodes;
using Caisson.Fuse.Tests.Harness;

namespace Caisson.Fuse.Tests;

/// <summary>Each test of the suite, on the kernel's tmpfs first: it tells what is true. Then on ours.</summary>
public sealed class PosixTests
{
    const int Mode = 0x1A4;

    public static TheoryData<string> Names => [.. PosixSuite.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void On_tmpfs(string name)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        using ScratchTmpfs tmpfs = new();
        File.WriteAllText($"{tmpfs.Root}/file", PosixSuite.Content);
        File.WriteAllText($"{tmpfs.Root}/other", PosixSuite.Content);
        File.WriteAllText($"{tmpfs.Root}/empty", "");
        File.WriteAllText($"{tmpfs.Root}/large", PosixSuite.LargeContent);

        PosixSuite.All[name](tmpfs.Root);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_ours(string name)
    {
        using Mounted mounted = new(
            new FuseFile("file", Mode, new StoredFile(PosixSuite.Content)),
            new FuseFile("other", Mode, new StoredFile(PosixSuite.Content)),
            new FuseFile("empty", Mode, new StoredFile("")),
            new FuseFile("large", Mode, new StoredFile(PosixSuite.LargeContent)));

        PosixSuite.All[name](mounted.Root);
        Assert.Empty(mounted.Log);
    }
}
