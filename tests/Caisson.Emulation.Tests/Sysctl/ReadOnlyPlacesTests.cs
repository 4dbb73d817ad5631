using System.Text;
using Caisson.Emulation.Sysctl;

namespace Caisson.Emulation.Tests.Sysctl;

public sealed class ReadOnlyPlacesTests
{
    const string Root = "1 0 0:1 / / ro,relatime - overlay o rw";
    const string Proc = "2 1 0:2 / /proc rw,nosuid - proc proc rw";
    const string ReadOnlySys = "3 2 0:2 /sys /proc/sys ro,nosuid - proc proc rw";
    const string Leaf = "4 3 0:3 /x /proc/sys/kernel/panic ro - fuse.caisson caisson rw";

    [Theory]
    [InlineData(false, Root, Proc)]
    [InlineData(false, Root, Proc, Leaf)]
    [InlineData(true, Root, Proc, ReadOnlySys, Leaf)]
    [InlineData(true, "2 1 0:2 / /proc ro - proc proc rw")]
    [InlineData(false, ReadOnlySys, "5 3 0:2 /sys /proc/sys rw - proc proc rw")]
    [InlineData(false, "3 2 0:2 / /proc/sysctl ro - proc proc rw")]
    [InlineData(false, "", " ", "x", "1 2 3", "1 2 3 4 /proc/sys")]
    public void The_nearest_directory_that_something_is_mounted_on_decides(bool isReadOnly, params string[] mounts) => Assert.Equal(
        isReadOnly, ReadOnlyPlaces.IsReadOnly(Encoding.UTF8.GetBytes(string.Join('\n', mounts)), "/proc/sys/kernel/panic"u8));
}
