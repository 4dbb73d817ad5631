using System.Diagnostics;
using Caisson.Containers.Storage;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Tests.Storage;

public sealed class InnerStorageTests(ITestOutputHelper output)
{
    const string Docker = "storage/docker/c1";
    const string Home = "store/c1/diff/var/lib/docker";

    [Fact]
    public void Bring_MakesEmptyDirectories_AndTakeHomeLeavesNothing()
    {
        using StorageScratch scratch = new();

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal("drwx--x--- 0 0", scratch.Run($"stat -c '%A %u %g' {Docker}"));
        Assert.Equal("drwxr-xr-x", scratch.Run("stat -c %A storage/k3s/c1"));
        Assert.Equal("drwx------ drwx------", scratch.Run("stat -c %A storage storage/docker | xargs"));
        Assert.Equal(9, entries.Count);
        Assert.DoesNotContain(entries, entry => entry.HasLower);
        Assert.Equal("", scratch.Names("store/c1/diff"));

        InnerStorage.TakeHome(entries);
        InnerStorage.TakeHome(entries);

        Assert.Equal("", scratch.Names("store/c1/diff"));
        Assert.Equal("", scratch.Run("find storage -mindepth 2"));
    }

    [Fact]
    public void Content_LivesInTheUpperLayerWhileStopped_AndInTheStorageWhileRunning()
    {
        using StorageScratch scratch = new();
        scratch.Cycle("echo one > file; mkdir dir; mknod w c 0 0; chmod 711 .; chown 0:5 .");

        Assert.Equal("dir file w", scratch.Names(Home));
        Assert.Equal("none", scratch.Names(Docker));
        Assert.False(scratch.IsOpaque(Home));
        string inode = scratch.Run($"stat -c %i {Home}");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal("dir file w", scratch.Names(Docker));
        Assert.Equal($"{inode} 711 5", scratch.Run($"stat -c '%i %a %g' {Docker}"));
        // The mount point looks the same.
        Assert.Equal("", scratch.Names(Home));
        Assert.Equal("711 5", scratch.Run($"stat -c '%a %g' {Home}"));

        InnerStorage.TakeHome(entries);
        InnerStorage.TakeHome(entries);

        Assert.Equal(inode, scratch.Run($"stat -c %i {Home}"));
    }

    [Fact]
    public void Content_SurvivesACrashOfTheHost()
    {
        using StorageScratch scratch = new();
        scratch.Bring();
        scratch.Run($"echo one > {Docker}/file");

        // No TakeHome.
        scratch.Cycle("test \"$(cat file)\" = one; echo two > file");

        Assert.Equal("two", scratch.Run($"cat {Home}/file"));
    }

    [Fact]
    public void Content_SurvivesACrash_AfterARestart()
    {
        using StorageScratch scratch = new();
        scratch.Cycle("echo one > file");
        scratch.Bring();
        scratch.Run($"echo two > {Docker}/file");

        scratch.Cycle("test \"$(cat file)\" = two");

        Assert.Equal("two", scratch.Run($"cat {Home}/file"));
    }

    [Fact]
    public void Bring_CopiesASingleLayerExactly()
    {
        using StorageScratch scratch = new();
        scratch.Run("""
            mkdir -p store/a/diff/var/lib/docker/overlay2/x/diff; cd store/a/diff/var/lib/docker; chmod 710 .; chown 0:9 .
            mknod overlay2/x/diff/gone c 0 0; mkdir overlay2/x/diff/opaque; echo data > overlay2/x/diff/f
            chmod 1770 ../../lib
            """);
        scratch.MakeOpaque("store/a/diff/var/lib/docker/overlay2/x/diff/opaque");

        StorageEntry docker = scratch.Bring()[0];

        Assert.True(docker.HasLower);
        Assert.Equal(scratch.Names("store/a/diff/var/lib/docker"), scratch.Names(Docker));
        Assert.Equal("character special file", scratch.Run($"stat -c %F {Docker}/overlay2/x/diff/gone"));
        Assert.True(scratch.IsOpaque($"{Docker}/overlay2/x/diff/opaque"));
        Assert.Equal("710 9", scratch.Run($"stat -c '%a %g' {Docker}"));
        // What lies above keeps the lower layer's attributes when it is copied up.
        Assert.Equal("1770", scratch.Run("stat -c %a store/c1/diff/var/lib"));
        Assert.Equal("none", scratch.Names(Home));
    }

    [Fact]
    public void WhatComesHomeOverALowerLayer_HidesIt()
    {
        using StorageScratch scratch = new();
        scratch.Run("mkdir -p store/a/diff/var/lib/docker; touch store/a/diff/var/lib/docker/{old,kept}");

        scratch.Cycle("rm old; touch new");

        Assert.Equal("kept new", scratch.Names(Home));
        Assert.True(scratch.IsOpaque(Home));
        scratch.Run("mkdir -p store/c1/work m; mount -t overlay o -o lowerdir=store/b/diff:store/a/diff,upperdir=store/c1/diff,workdir=store/c1/work m");
        string merged = scratch.Names("m/var/lib/docker");
        scratch.Run("umount m");
        Assert.Equal("kept new", merged);

        scratch.Cycle("test ! -e old; rm kept new");

        // An empty directory, too, is what the container made of it.
        Assert.Equal("", scratch.Names(Home));
        Assert.True(scratch.IsOpaque(Home));
        scratch.Cycle("test -z \"$(ls -A)\"");
    }

    [Fact]
    public void Bring_AppliesSeveralLayersInOrder()
    {
        using StorageScratch scratch = new();
        scratch.Run("""
            mkdir -p store/{a,b}/diff/var/lib/docker/{d,o}; cd store
            touch a/diff/var/lib/docker/{one,two} a/diff/var/lib/docker/{d,o}/a b/diff/var/lib/docker/{d,o}/b
            mknod b/diff/var/lib/docker/one c 0 0; mknod b/diff/var/lib/docker/inner c 0 0
            """);
        scratch.MakeOpaque("store/b/diff/var/lib/docker/o");

        scratch.Bring();

        Assert.Equal("d d/a d/b inner o o/b two", scratch.Names(Docker));
    }

    [Theory]
    [InlineData("store/b/diff/var/lib/docker")]
    [InlineData("store/b/diff/var/lib")]
    [InlineData("store/b/diff/var")]
    public void Bring_StopsAtAnOpaqueLayer(string opaque)
    {
        using StorageScratch scratch = new();
        scratch.Run("mkdir -p store/{a,b}/diff/var/lib/docker; touch store/a/diff/var/lib/docker/a store/b/diff/var/lib/docker/b; mknod store/b/diff/var/lib/docker/w c 0 0");
        scratch.MakeOpaque(opaque);

        scratch.Bring();

        Assert.Equal("b w", scratch.Names(Docker));
    }

    [Theory]
    [InlineData("mkdir -p store/b/diff/var/lib; mknod store/b/diff/var/lib/docker c 0 0")]
    [InlineData("mkdir -p store/b/diff; mknod store/b/diff/var c 0 0")]
    [InlineData("mkdir -p store/b/diff/var; ln -s /data store/b/diff/var/lib")]
    public void Bring_StopsAtAWhiteout(string above)
    {
        using StorageScratch scratch = new();
        scratch.Run($"mkdir -p store/a/diff/var/lib/docker; touch store/a/diff/var/lib/docker/a; {above}");

        Assert.False(scratch.Bring()[0].HasLower);
        Assert.Equal("", scratch.Names(Docker));
    }

    [Fact]
    public void Bring_MergesWhatWasCopiedIntoTheContainerBeforeItsFirstStart()
    {
        using StorageScratch scratch = new();
        scratch.Run($"mkdir -p store/a/diff/var/lib/docker {Home}; touch store/a/diff/var/lib/docker/lower {Home}/upper");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal("lower upper", scratch.Names(Docker));
        Assert.Equal("", scratch.Names(Home));
        InnerStorage.TakeHome(entries);
        Assert.Equal("lower upper", scratch.Names(Home));
    }

    [Fact]
    public void Bring_UsesTheAttributesOfAnEmptyDirectoryOfTheImage()
    {
        using StorageScratch scratch = new();
        scratch.Run("mkdir -p store/a/diff/var/lib/docker; chown 10:11 store/a/diff/var/lib/docker");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        Assert.Equal("10 11", scratch.Run($"stat -c '%u %g' {Docker}"));
        Assert.False(entries[0].HasLower);
        InnerStorage.TakeHome(entries);
        Assert.Equal("none", scratch.Names(Home));
    }

    [Theory]
    [InlineData("mkdir -p store/c1/diff/var/lib; ln -s {0}/outside store/c1/diff/var/lib/docker")]
    [InlineData("mkdir -p store/c1/diff/var outside/docker; touch outside/docker/f; ln -s {0}/outside store/c1/diff/var/lib")]
    [InlineData("mkdir -p outside/lib/docker; touch outside/lib/docker/f; ln -s {0}/outside store/c1/diff/var")]
    public void NoLinkInTheUpperLayerIsFollowed(string attack)
    {
        using StorageScratch scratch = new();
        scratch.Run($"mkdir outside; touch outside/f; {string.Format(attack, scratch.Path)}");
        string before = scratch.Run("find outside -printf '%P %i %T@ %C@\\n'");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        Assert.Equal("", scratch.Names(Docker));
        scratch.Run($"touch {Docker}/mine");
        ContainerException refused = Assert.Throws<ContainerException>(() => InnerStorage.TakeHome(entries));

        Assert.Contains("is no directory", refused.Message);
        Assert.Equal("mine", scratch.Names(Docker));
        Assert.Equal(before, scratch.Run("find outside -printf '%P %i %T@ %C@\\n'"));
        // And it is there at the next start.
        scratch.Bring();
        Assert.Equal("mine", scratch.Names(Docker));
    }

    [Fact]
    public void TakeHome_LeavesBothInPlace_WhenSomethingIsAtHome()
    {
        using StorageScratch scratch = new();
        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        scratch.Run($"touch {Docker}/mine storage/k0s/c1/other; mkdir -p {Home}; touch {Home}/theirs");

        ContainerException refused = Assert.Throws<ContainerException>(() => InnerStorage.TakeHome(entries));

        Assert.Contains("is not empty", refused.Message);
        Assert.Equal("mine", scratch.Names(Docker));
        Assert.Equal("theirs", scratch.Names(Home));
        Assert.Equal("other", scratch.Names("store/c1/diff/var/lib/k0s"));
        Assert.Equal("c1", scratch.Names("storage/homes"));
    }

    [Fact]
    public void TakeHome_RemovesEverything_WhenTheEngineHasRemovedTheLayer()
    {
        using StorageScratch scratch = new();
        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        scratch.Run($"mkdir -p {Docker}/a/b; touch {Docker}/a/b/$'\\xff'; rm -rf store/c1");

        InnerStorage.TakeHome(entries);

        Assert.Equal("", scratch.Run("find storage -mindepth 2"));
    }

    [Fact]
    public void TakeHome_ReplacesAWhiteout()
    {
        using StorageScratch scratch = new();
        scratch.Run("mkdir -p store/a/diff/var/lib/docker; touch store/a/diff/var/lib/docker/a");
        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        scratch.Run($"mknod {Home} c 0 0");

        InnerStorage.TakeHome(entries);

        Assert.Equal("a", scratch.Names(Home));
        Assert.True(scratch.IsOpaque(Home));
    }

    [Fact]
    public void Content_IsCopied_WhereTheStoreIsOnAnotherFileSystem()
    {
        using StorageScratch scratch = new(elsewhere: true);
        scratch.Cycle("echo one > file; ln file second; mknod w c 0 0; truncate -s 50M hole");
        Assert.Equal("file hole second w", scratch.Names(Home));
        Assert.Equal("none", scratch.Names(Docker));

        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        Assert.Equal("", scratch.Names(Home));
        Assert.Equal("2 one", scratch.Run($"stat -c %h {Docker}/second; cat {Docker}/file").Replace('\n', ' '));
        InnerStorage.TakeHome(entries);
        InnerStorage.TakeHome(entries);

        Assert.Equal("file hole second w", scratch.Names(Home));
        Assert.Equal("none", scratch.Names(Docker));
        using Fd home = OpenAt2.Open($"{scratch.Path}/{Home}", OpenFlags.O_RDONLY);
        Assert.DoesNotContain(Xattr.List(home), name => name.StartsWith("trusted.caisson", StringComparison.Ordinal));
    }

    [Fact]
    public void ACopyThatWasKilledBeforeItAppeared_IsMadeAgain()
    {
        using StorageScratch scratch = new(elsewhere: true);
        scratch.Cycle("echo one > file");
        scratch.Run($"mkdir -p storage/arriving/c1/docker; touch storage/arriving/c1/docker/half; mkdir store/c1/diff/var/lib/.caisson~docker; touch store/c1/diff/var/lib/.caisson~docker/half");

        scratch.Cycle("test \"$(ls)\" = file");

        Assert.Equal("file", scratch.Names(Home));
        Assert.Equal("docker", scratch.Run("ls -A store/c1/diff/var/lib"));
        Assert.Equal("", scratch.Run("find storage -mindepth 2"));
    }

    [Fact]
    public void ACopyThatWasKilledBeforeTheOldOneWasRemoved_IsTheOneThatCounts()
    {
        using StorageScratch scratch = new(elsewhere: true);
        scratch.Cycle("echo one > file");
        scratch.Run($"mkdir -p {Docker}; echo old > {Docker}/file; touch {Docker}/removed-since");
        Mark(scratch, "trusted.caisson.superseded-by");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        Assert.Equal("file", scratch.Names(Docker));
        scratch.Run($"echo two > {Docker}/file; echo old > {Home}/file");
        Mark(scratch, "trusted.caisson.supersedes");

        InnerStorage.TakeHome(entries);
        Assert.Equal("two", scratch.Run($"cat {Home}/file"));
    }

    [Fact]
    public void ARootFileSystemThatIsNoOverlay_IsItsOwnHome()
    {
        using StorageScratch scratch = new();
        scratch.Run($"mkdir -p {Home}; touch {Home}/image");

        IReadOnlyList<StorageEntry> entries = InnerStorage.Bring(scratch.Plan(), null);
        Assert.Equal("image", scratch.Names(Docker));
        InnerStorage.TakeHome(entries);

        Assert.Equal("image", scratch.Names(Home));
        Assert.False(scratch.IsOpaque(Home));
    }

    [Fact]
    public void AReadOnlyOverlay_GetsACopyThatGoesAtTheEnd()
    {
        using StorageScratch scratch = new();
        scratch.Run("mkdir -p store/a/diff/var/lib/docker; touch store/a/diff/var/lib/docker/a");

        IReadOnlyList<StorageEntry> entries = InnerStorage.Bring(
            scratch.Plan(), scratch.Layers with { Upper = null, Lower = [$"{scratch.Path}/store/a/diff"] });
        Assert.Equal("a", scratch.Names(Docker));
        InnerStorage.TakeHome(entries);

        Assert.Equal("", scratch.Run("find storage -mindepth 2"));
    }

    [Fact]
    public void CollectOrphans_DiscardsOnlyWhatHasNeitherStateNorLayer()
    {
        using StorageScratch scratch = new();
        scratch.Bring();
        scratch.Run($"mkdir {Docker}/d; touch {Docker}/d/f");

        Assert.Equal(0, InnerStorage.CollectOrphans(scratch.StorageRoot, _ => false));
        scratch.Run("rm -rf store/c1");
        Assert.Equal(0, InnerStorage.CollectOrphans(scratch.StorageRoot, id => id == "c1"));
        Assert.Equal("d d/f", scratch.Names(Docker));
        Assert.Equal(1, InnerStorage.CollectOrphans(scratch.StorageRoot, _ => false));

        Assert.Equal("", scratch.Run("find storage -mindepth 2"));
        Assert.Equal(0, InnerStorage.CollectOrphans($"{scratch.Path}/missing", _ => false));
    }

    [Fact]
    public void CollectOrphans_TouchesNothing_WhenTheWholeStoreIsNotThere()
    {
        using StorageScratch scratch = new();
        scratch.Bring();
        scratch.Run($"touch {Docker}/f; mv store unmounted");

        Assert.Equal(0, InnerStorage.CollectOrphans(scratch.StorageRoot, _ => false, thorough: true));
        Assert.Equal("f", scratch.Names(Docker));
    }

    [Fact]
    public void ANewContainerOfTheSameId_DoesNotGetTheOldOnesContent()
    {
        using StorageScratch scratch = new();
        scratch.Bring();
        scratch.Run($"touch {Docker}/secret; mv store/c1 store/c2");
        IReadOnlyList<StorageEntry> next =
            [.. scratch.Plan().Select(entry => entry with { Home = entry.Home.Replace("/c1/", "/c2/", StringComparison.Ordinal) })];

        InnerStorage.Bring(next, null);

        Assert.Equal("", scratch.Names(Docker));
        Assert.Equal($"{scratch.Path}/store/c2/diff", scratch.Run("readlink storage/homes/c1"));
    }

    [Fact]
    public void TwoContainersOfOneId_DoNotMix()
    {
        using StorageScratch scratch = new();
        scratch.Bring();
        scratch.Run($"touch {Docker}/secret");
        IReadOnlyList<StorageEntry> other =
            [.. scratch.Plan().Select(entry => entry with { Home = entry.Home.Replace("/c1/", "/b/", StringComparison.Ordinal) })];

        Assert.Throws<UserError>(() => InnerStorage.Bring(other, null));
        InnerStorage.TakeHome(other);

        Assert.Equal("secret", scratch.Names(Docker));
        Assert.Equal("", scratch.Names("store/b/diff"));
    }

    [Fact]
    public void AnEmptyContainer_CostsLittle()
    {
        using StorageScratch scratch = new();
        scratch.Run("mkdir -p store/a/diff/var/lib/dpkg; for i in {1..10}; do mkdir -p store/x$i/diff/usr; done");
        IReadOnlyList<StorageEntry> plan = scratch.Plan();
        var layers = scratch.Layers with { Lower = [.. Enumerable.Range(1, 10).Select(i => $"{scratch.Path}/store/x{i}/diff"), $"{scratch.Path}/store/l/A"] };
        double bring = double.MaxValue, home = double.MaxValue, mkdirs = double.MaxValue, collect = double.MaxValue;
        for (int i = 0; i < 100; i++)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<StorageEntry> entries = InnerStorage.Bring(plan, layers);
            bring = Math.Min(bring, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            start = Stopwatch.GetTimestamp();
            InnerStorage.CollectOrphans(scratch.StorageRoot, _ => true);
            collect = Math.Min(collect, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            start = Stopwatch.GetTimestamp();
            InnerStorage.TakeHome(entries);
            home = Math.Min(home, Stopwatch.GetElapsedTime(start).TotalMicroseconds);

            start = Stopwatch.GetTimestamp();
            foreach (StorageEntry entry in plan)
            {
                Directories.TryMake(Fd.CurrentDirectory, entry.Directory, 0x1ED /* 0755 */);
            }

            mkdirs = Math.Min(mkdirs, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            foreach (StorageEntry entry in plan)
            {
                Directories.TryRemove(Fd.CurrentDirectory, entry.Directory);
            }
        }

        output.WriteLine($"bring {bring:F0} µs, take home {home:F0} µs, eight mkdir alone {mkdirs:F0} µs, collect {collect:F0} µs");
        Assert.True(bring < mkdirs * 6, $"bring {bring:F0} µs, eight mkdir alone {mkdirs:F0} µs");
    }

    static void Mark(StorageScratch scratch, string mark)
    {
        using Fd directory = OpenAt2.Open($"{scratch.Path}/{Docker}", OpenFlags.O_RDONLY);
        Xattr.Set(directory, mark, System.Text.Encoding.ASCII.GetBytes(scratch.Run($"stat -c %i {Home}")));
    }
}
