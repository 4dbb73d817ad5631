using System.Text;
using Caisson.Containers.Cgroups;

namespace Caisson.Containers.Tests.Cgroups;

public sealed class CgroupLayoutTests
{
    const string HybridMounts =
        """
        22 1 254:0 / / rw,relatime - ext4 /dev/root rw
        31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/unified rw shared:3 - cgroup2 cgroup2 rw,nsdelegate
        33 31 0:30 / /sys/fs/cgroup/systemd rw shared:4 - cgroup cgroup rw,xattr,name=systemd
        34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:5 - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw shared:6 - cgroup cgroup rw,memory
        90 22 0:32 /docker/abc /var/lib/x/rootfs/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
        """;

    const string HybridOwn =
        """
        4:memory:/user.slice/a:b
        3:cpu,cpuacct:/user.slice
        2:freezer:/
        1:name=systemd:/user.slice/session-1.scope
        0::/user.slice/session-1.scope
        """;

    [Fact]
    public void Parse_Hybrid_FindsWhatIsMountedAndNothingElse()
    {
        CgroupLayout layout = Parse(HybridMounts, HybridOwn);

        Assert.Equal(CgroupMode.Hybrid, layout.Mode);
        Assert.Equal(
            [
                new Hierarchy("memory", "/sys/fs/cgroup/memory", "/", "/user.slice/a:b"),
                new Hierarchy("cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/", "/user.slice"),
                new Hierarchy("name=systemd", "/sys/fs/cgroup/systemd", "/", "/user.slice/session-1.scope"),
                new Hierarchy("", "/sys/fs/cgroup/unified", "/", "/user.slice/session-1.scope"),
            ],
            layout.Hierarchies);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", layout.Find("cpuacct")?.MountPoint);
        Assert.Null(layout.Find("freezer"));
    }

    [Fact]
    public void Parse_HybridWithVersion2AtSystemdsPlace_GoesByTypeAndNotByName() => Assert.Equal(
        CgroupMode.Hybrid,
        Parse(
            """
            33 31 0:30 / /sys/fs/cgroup/systemd rw - cgroup2 cgroup2 rw
            35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            """,
            "4:memory:/\n0::/\n").Mode);

    [Fact]
    public void Parse_Legacy() => Assert.Equal(
        CgroupMode.Legacy, Parse("35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", "4:memory:/\n0::/\n").Mode);

    [Fact]
    public void Parse_Unified_EvenWhereAVpnClientMountedNetCls()
    {
        CgroupLayout layout = Parse(
            """
            30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate
            99 22 0:50 / /opt/vpn/net_cls rw - cgroup net_cls rw,net_cls
            """,
            "1:net_cls:/\n0::/user.slice/x\n");

        Assert.Equal(CgroupMode.Unified, layout.Mode);
        Assert.Equal([new Hierarchy("", "/sys/fs/cgroup", "/", "/user.slice/x")], layout.Hierarchies);
    }

    [Theory]
    [InlineData(null, "/sys/fs/cgroup/memory/user.slice/a:b/c1")]
    [InlineData("", "/sys/fs/cgroup/memory/user.slice/a:b/c1")]
    [InlineData("x/y", "/sys/fs/cgroup/memory/user.slice/a:b/x/y")]
    [InlineData("/docker/c9", "/sys/fs/cgroup/memory/docker/c9")]
    [InlineData("/../../docker//./c9/", "/sys/fs/cgroup/memory/docker/c9")]
    [InlineData("../../up", "/sys/fs/cgroup/memory/user.slice/a:b/up")]
    public void Resolve_Version1(string? path, string directory) =>
        Assert.Equal(directory, CgroupPath.Resolve(Parse(HybridMounts, HybridOwn), path, "c1", false).Directories["memory"]);

    [Theory]
    [InlineData(null, "/sys/fs/cgroup/unified/c1")]
    [InlineData("/docker/c9", "/sys/fs/cgroup/unified/docker/c9")]
    public void Resolve_HybridsVersion2_StartsAtItsMountPoint(string? path, string directory) =>
        Assert.Equal(directory, CgroupPath.Resolve(Parse(HybridMounts, HybridOwn), path, "c1", false).Directories[""]);

    [Theory]
    [InlineData("/a/b", null, "/sys/fs/cgroup/a/c1")]
    [InlineData("/", null, "/sys/fs/cgroup/c1")]
    [InlineData("/a/b", "/docker/c9", "/sys/fs/cgroup/docker/c9")]
    public void Resolve_Version2_RelativeIsBesideTheOwnCgroup(string own, string? path, string directory) => Assert.Equal(
        directory,
        CgroupPath.Resolve(
            Parse("30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", $"0::{own}\n"), path, "c1", false).Directories[""]);

    [Theory]
    [InlineData("/docker/abc", "/docker/abc/me", "/sys/fs/cgroup/memory/me/c1")]
    [InlineData("/docker/abc", "/docker/abc", "/sys/fs/cgroup/memory/c1")]
    [InlineData("/docker/abc", "/docker/abcd", "/sys/fs/cgroup/memory/c1")]
    [InlineData("/..", "/", "/sys/fs/cgroup/memory/c1")]
    public void Resolve_InsideAContainer_CountsFromTheMountsRoot(string root, string own, string directory) => Assert.Equal(
        directory,
        CgroupPath.Resolve(
            Parse($"35 31 0:32 {root} /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", $"4:memory:{own}\n"),
            null,
            "c1",
            false).Directories["memory"]);

    [Theory]
    [InlineData("/")]
    [InlineData("/..")]
    public void Resolve_TheRootItselfIsRefused(string path) =>
        Assert.Throws<UserError>(() => CgroupPath.Resolve(Parse(HybridMounts, HybridOwn), path, "c1", false));

    [Fact]
    public void Resolve_Systemd_IsAUnitBelowItsSlice_InEveryHierarchy()
    {
        CgroupPath path = CgroupPath.Resolve(Parse(HybridMounts, HybridOwn), "system.slice:docker:c1", "c1", true);
        Assert.Equal("docker-c1.scope", path.Unit!.Name);
        Assert.Equal("/sys/fs/cgroup/memory/system.slice/docker-c1.scope", path.Directories["memory"]);
        Assert.All(path.Directories.Values, directory => Assert.EndsWith("/system.slice/docker-c1.scope", directory, StringComparison.Ordinal));
    }

    static CgroupLayout Parse(string mounts, string own) => CgroupLayout.Parse(Encoding.UTF8.GetBytes(mounts), own);
}
