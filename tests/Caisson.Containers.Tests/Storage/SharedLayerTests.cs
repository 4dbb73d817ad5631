using Caisson.Containers.Storage;

namespace Caisson.Containers.Tests.Storage;

/// <summary>An image's inner layers that its containers use in place, as files: how they come, stay and go home.</summary>
public sealed class SharedLayerTests
{
    const string Docker = "storage/docker/c1";
    const string Home = "store/c1/diff/var/lib/docker";
    const string Lower = "store/a/diff/var/lib/docker";

    [Fact]
    public void ACommittedLayer_StaysInTheImage_AndIsWholeAfterHomecoming()
    {
        using StorageScratch scratch = WithTwoLayers();

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal(["overlay2/x/diff", "overlay2/y/diff"], entries[0].Shared.Select(layer => layer.Path).Order());
        Assert.All(entries[0].Shared, layer => Assert.Equal($"{scratch.Path}/store/l/A", layer.Layer));
        Assert.Equal("rw rw/diff rw/diff/f x x/diff x/link y y/diff", scratch.Names($"{Docker}/overlay2"));
        Assert.Equal("db overlay2", scratch.Run($"ls {Docker}/image | xargs"));

        // As an inner Docker does: y is removed, z is new, the database changes.
        scratch.Run($"cd {Docker}; rm -r overlay2/y; mkdir -p overlay2/z/diff; touch overlay2/z/diff/f; rm image/db; touch image/new");
        InnerStorage.TakeHome(entries);

        string merged = Merged(scratch);
        Assert.EndsWith(" overlay2 overlay2/rw overlay2/rw/diff overlay2/rw/diff/f overlay2/x overlay2/x/diff overlay2/x/diff/big overlay2/x/link overlay2/z overlay2/z/diff overlay2/z/diff/f", merged, StringComparison.Ordinal);
        Assert.Contains(" image/new ", merged, StringComparison.Ordinal);
        Assert.DoesNotContain(" image/db ", merged, StringComparison.Ordinal);
    }

    [Fact]
    public void ARestartedContainer_HasTheSame_WithoutWhatHidTheImage()
    {
        using StorageScratch scratch = WithTwoLayers();
        scratch.Cycle("rm -r overlay2/y; rm image/db");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal(["overlay2/x/diff"], entries[0].Shared.Select(layer => layer.Path));
        Assert.Equal("rw rw/diff rw/diff/f x x/diff x/link", scratch.Names($"{Docker}/overlay2"));
        InnerStorage.TakeHome(entries);
        Assert.DoesNotContain(" image/db ", Merged(scratch), StringComparison.Ordinal);
    }

    [Fact]
    public void AnImageOfSuchAContainer_IsSharedFromWhereTheLayersLie()
    {
        using StorageScratch scratch = WithTwoLayers();
        scratch.Cycle("rm -r overlay2/y; mkdir -p overlay2/z/diff image/overlay2/layerdb/sha256/3; touch overlay2/z/diff/f; echo -n z >image/overlay2/layerdb/sha256/3/cache-id");
        // The commit: what the container had is a layer now. Notes of ours stay behind, as they do in an archive.
        scratch.Run($"mkdir -p store/b/diff/var/lib; mv {Home} store/b/diff/var/lib/");
        scratch.Unmark("store/b/diff/var/lib/docker", "trusted.caisson.difference");
        scratch.Unmark("store/b/diff/var/lib/docker/overlay2/x/diff", "trusted.caisson.shared");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal(
            [($"{scratch.Path}/store/l/A", "overlay2/x/diff"), ($"{scratch.Path}/store/b/diff", "overlay2/z/diff")],
            entries[0].Shared.Select(layer => (layer.Layer, layer.Path)).OrderBy(layer => layer.Path));
        Assert.Equal("diff link", scratch.Run($"ls {Docker}/overlay2/x | xargs"));
        Assert.Equal("rw x z", scratch.Run($"ls {Docker}/overlay2 | xargs"));
    }

    [Fact]
    public void OpaqueDirectories_AreMarkedForBothKindsOfOverlay()
    {
        using StorageScratch scratch = WithTwoLayers();
        scratch.Run($"mkdir {Lower}/overlay2/x/diff/o {Lower}/overlay2/rw/diff/o");
        scratch.MakeOpaque($"{Lower}/overlay2/x/diff/o");
        scratch.MakeOpaque($"{Lower}/overlay2/rw/diff/o");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        Assert.True(scratch.HasMark($"{Docker}/overlay2/rw/diff/o", "user.overlay.opaque"));
        scratch.Run($"mkdir {Docker}/overlay2/rw/diff/new");
        scratch.Mark($"{Docker}/overlay2/rw/diff/new", "user.overlay.opaque");
        InnerStorage.TakeHome(entries);

        Assert.True(scratch.HasMark($"{Lower}/overlay2/x/diff/o", "user.overlay.opaque"));
        Assert.True(scratch.IsOpaque($"{Home}/overlay2/rw/diff/new"));
    }

    [Fact]
    public void WhatLiesInSeveralLayers_IsCopied()
    {
        using StorageScratch scratch = WithTwoLayers();
        scratch.Run("mkdir -p store/b/diff/var/lib/docker/overlay2/x/diff; touch store/b/diff/var/lib/docker/overlay2/x/diff/more");

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal(["overlay2/y/diff"], entries[0].Shared.Select(layer => layer.Path));
        Assert.Equal("big gone more", scratch.Run($"ls {Docker}/overlay2/x/diff | xargs"));
    }

    [Fact]
    public void ALinkInTheImage_IsNotFollowed()
    {
        using StorageScratch scratch = WithTwoLayers();
        scratch.Run($"""
            cd {Lower}; mkdir overlay2/evil image/overlay2/layerdb/sha256/(3,4,5); ln -s /etc overlay2/evil/diff; ln -s /etc overlay2/l
            echo -n evil >image/overlay2/layerdb/sha256/3/cache-id; ln -s /etc/hostname image/overlay2/layerdb/sha256/4/cache-id
            echo -n ../../overlay2/rw >image/overlay2/layerdb/sha256/5/cache-id
            """.Replace('(', '{').Replace(')', '}'));

        IReadOnlyList<StorageEntry> entries = scratch.Bring();

        Assert.Equal(2, entries[0].Shared.Count);
        Assert.Equal("/etc", scratch.Run($"readlink {Docker}/overlay2/evil/diff"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APausedContainersContent_IsAtHome_UntilItIsResumed(bool elsewhere)
    {
        using StorageScratch scratch = WithTwoLayers(elsewhere);
        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        scratch.Run($"cd {Docker}; rm image/db; touch image/new");
        string inode = scratch.Run($"stat -c %i {Docker}");

        InnerStorage.Show(entries);
        InnerStorage.Show(entries);

        if (!elsewhere)
        {
            Assert.Equal(inode, scratch.Run($"stat -c %i {Home}"));
            Assert.Equal("", scratch.Names(Docker));
        }

        Assert.Contains(" image/new ", Merged(scratch), StringComparison.Ordinal);
        Assert.DoesNotContain("image/db", Merged(scratch), StringComparison.Ordinal);
        Assert.Contains("overlay2/x/diff/big", Merged(scratch), StringComparison.Ordinal);

        InnerStorage.Hide(entries);
        InnerStorage.Hide(entries);

        Assert.Equal(inode, scratch.Run($"stat -c %i {Docker}"));
        Assert.Equal("", scratch.Names(Home));
        Assert.Equal("new overlay2", scratch.Run($"ls {Docker}/image | xargs"));
        InnerStorage.TakeHome(entries);
        Assert.Contains(" image/new ", Merged(scratch), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void APausedContainersContent_IsFound_WhenItWasNeverResumed(bool isDeleted, bool elsewhere)
    {
        using StorageScratch scratch = new(elsewhere);
        IReadOnlyList<StorageEntry> entries = scratch.Bring();
        scratch.Run($"touch {Docker}/kept");
        InnerStorage.Show(entries);

        // Otherwise the host crashed.
        if (isDeleted)
        {
            InnerStorage.TakeHome(entries);
            Assert.Equal("kept", scratch.Names(Home));
            Assert.Equal("none", scratch.Names(Docker));
        }

        scratch.Bring();
        Assert.Equal("kept", scratch.Names(Docker));
        Assert.Equal("", scratch.Names(Home));
    }

    // x and y are an inner image's, rw is an inner container's.
    static StorageScratch WithTwoLayers(bool elsewhere = false)
    {
        StorageScratch scratch = new(elsewhere);
        scratch.Run($"""
            mkdir -p {Lower}/overlay2/(x,y,rw)/diff {Lower}/image/overlay2/layerdb/sha256/(1,2); cd {Lower}
            echo -n x >image/overlay2/layerdb/sha256/1/cache-id; echo -n y >image/overlay2/layerdb/sha256/2/cache-id
            touch overlay2/x/link overlay2/(x,y)/diff/big overlay2/rw/diff/f image/db; mknod overlay2/x/diff/gone c 0 0
            """.Replace('(', '{').Replace(')', '}'));
        return scratch;
    }

    static string Merged(StorageScratch scratch)
    {
        scratch.Run("mkdir -p store/c1/work m; mount -t overlay o -o lowerdir=store/b/diff:store/a/diff,upperdir=store/c1/diff,workdir=store/c1/work m");
        try
        {
            return scratch.Names("m/var/lib/docker");
        }
        finally
        {
            scratch.Run("umount m");
        }
    }
}
