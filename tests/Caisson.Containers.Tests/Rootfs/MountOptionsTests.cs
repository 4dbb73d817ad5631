using Caisson.Containers.Rootfs;
using Caisson.Kernel.Mounts;
using CsCheck;

namespace Caisson.Containers.Tests.Rootfs;

public sealed class MountOptionsTests
{
    [Fact]
    public void The_last_word_counts()
    {
        MountOptions options = MountOptions.Parse(["ro", "nosuid", "rw"]);
        Assert.Equal(MountAttributes.MOUNT_ATTR_NOSUID, options.Set);
        Assert.Equal(MountAttributes.MOUNT_ATTR_RDONLY, options.Clear);
        Assert.False(options.IsReadOnly);
    }

    [Fact]
    public void Strictatime_replaces_the_other_access_time_attributes()
    {
        MountOptions options = MountOptions.Parse(["noatime", "strictatime"]);
        Assert.Equal(MountAttributes.MOUNT_ATTR_STRICTATIME, options.Set);
        Assert.True(options.Clear.HasFlag(MountAttributes.MOUNT_ATTR__ATIME));
    }

    [Fact]
    public void Words_with_r_in_front_are_for_the_whole_tree()
    {
        MountOptions options = MountOptions.Parse(["rbind", "rro", "rslave"]);
        Assert.True(options is { IsBind: true, IsRecursiveBind: true, IsReadOnly: true });
        Assert.Equal(MountAttributes.MOUNT_ATTR_RDONLY, options.RecursiveSet);
        Assert.Equal(MountFlags.MS_SLAVE | MountFlags.MS_REC, options.Propagation);
        Assert.Equal(MountAttributes.None, options.Set);
    }

    [Fact]
    public void What_is_not_known_goes_to_the_file_system_in_order() => Assert.Equal(
        [("size", "64m"), ("mode", "755"), ("noswap", (string?)null)],
        MountOptions.Parse(["size=64m", "nodev", "mode=755", "noswap"]).Data);

    [Fact]
    public void No_words_throw() => Gen.String.Array.Sample(words =>
    {
        MountOptions options = MountOptions.Parse(words);
        return options.Data.Count <= words.Length;
    });
}
