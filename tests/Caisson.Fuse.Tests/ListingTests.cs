using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Fuse.Tests.Harness;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Fuse.Tests;

public sealed class ListingTests
{
    static readonly string[] s_names = [.. Enumerable.Range(0, 80).Select(i => $"proc!sys!kernel!value_{new string('x', i % 9)}{i}")];

    [Fact]
    public void After_a_listing_every_file_is_bound_without_another_request()
    {
        using Mounted mounted = Mount();
        using Fd root = OpenAt2.Open(mounted.Root, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        Assert.Equal(s_names.Order(), Directories.List(root).Order());
        Opcode[] listing = [.. mounted.TakeRequests().Select(it => it.Opcode)];

        foreach (string name in s_names)
        {
            using Fd file = OpenAt2.Open(root, name, OpenFlags.O_PATH);
            using Fd copy = MountTree.Clone(file, recursive: false, name);
            Assert.NotEqual(0u, Stat.Of(copy).stx_mode);
        }

        // The end of the listing comes when the kernel gets to it; nobody waits for it.
        Assert.DoesNotContain(mounted.TakeRequests(), it => it.Opcode != Opcode.FUSE_RELEASEDIR);
        Assert.DoesNotContain(Opcode.FUSE_LOOKUP, listing);
        Assert.InRange(listing.Count(it => it == Opcode.FUSE_READDIRPLUS), 1, 4);
    }

    [Fact]
    public void A_copied_mount_of_one_file_reads_it()
    {
        using Mounted mounted = Mount();
        using Fd file = OpenAt2.Open(mounted.PathOf(s_names[7]), OpenFlags.O_PATH);
        using Fd copy = MountTree.Clone(file, recursive: false, s_names[7]);

        Assert.Equal(s_names[7], File.ReadAllText(copy.ProcPath));
    }

    [Fact]
    public void A_listing_goes_on_wherever_it_was_interrupted()
    {
        using Mounted mounted = Mount();
        // Not from 0: a listing that is opened and never begun stays open until it is collected, and the mount with it.
        for (int take = 1; take < 5; take++)
        {
            // .NET reads directories in steps of its own, so several listings at once are at different places.
            Assert.Equal(s_names.Order(), Directory.EnumerateFiles(mounted.Root).Select(it => Path.GetFileName(it)).Order());
            Assert.Equal(take, Directory.EnumerateFiles(mounted.Root).Take(take).Count());
        }
    }

    [Fact]
    public void Sizes_are_told_by_a_listing_as_far_as_they_are_known_and_nothing_is_rendered()
    {
        TestFile file = new("12345");
        using Mounted mounted = new(new FuseFile("file", 0x124, file));
        Directory.GetFiles(mounted.Root);

        Assert.Equal(0, file.Reads);
    }

    [Fact]
    public void Inode_numbers_differ_and_fit_into_32_bits()
    {
        using Mounted mounted = Mount();
        ulong[] numbers = [.. s_names.Select(name =>
        {
            using Fd file = OpenAt2.Open(mounted.PathOf(name), OpenFlags.O_PATH);
            return Stat.Of(file).stx_ino;
        })];

        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 2ul, uint.MaxValue));
    }

    static Mounted Mount() => new([.. s_names.Select(name => TestFile.Of(name, name))]);
}
