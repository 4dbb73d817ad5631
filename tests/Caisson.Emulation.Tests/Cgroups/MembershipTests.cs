using System.Text;
using Caisson.Emulation.Cgroups;
using CsCheck;

namespace Caisson.Emulation.Tests.Cgroups;

public sealed class MembershipTests
{
    const string Hybrid = """
        9:name=systemd:/system.slice/docker-0123.scope
        4:memory:/docker/0123/a:b/c
        2:cpu,cpuacct:/docker/0123
        0::/docker/0123/x (deleted)

        """;

    [Theory]
    [InlineData("memory", "/docker/0123/a:b/c")]
    [InlineData("cpu,cpuacct", "/docker/0123")]
    [InlineData("name=systemd", "/system.slice/docker-0123.scope")]
    [InlineData("", "/docker/0123/x (deleted)")]
    [InlineData("cpu", "")]
    [InlineData("pids", "")]
    public void The_path_of_a_hierarchy_is_found_by_its_whole_name(string hierarchy, string path) =>
        Assert.Equal(path, Encoding.UTF8.GetString(Membership.PathIn(Encoding.UTF8.GetBytes(Hybrid), Encoding.UTF8.GetBytes(hierarchy))));

    [Theory]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/docker/0123", "")]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/docker/0123/docker/4567", "docker/4567")]
    // The same names again inside.
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/docker/0123/docker/0123", "docker/0123")]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/docker/0123/0123", "0123")]
    // Outside of the container, and beside it.
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/", "")]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/docker", "")]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/docker/01234/x", "")]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/other/0123", "")]
    [InlineData("/sys/fs/cgroup/memory/docker/0123", "/../0123", "")]
    // Our own cgroup namespace begins at a cgroup that is mounted as the root.
    [InlineData("/sys/fs/cgroup/0123", "/0123/init.scope", "init.scope")]
    [InlineData("/sys/fs/cgroup/0123", "", "")]
    public void What_leads_from_the_container_to_the_reader_is_what_follows_the_shared_part(string directory, string path, string below) =>
        Assert.Equal(below, Encoding.UTF8.GetString(Membership.Below(Encoding.UTF8.GetBytes(directory), Encoding.UTF8.GetBytes(path))));

    [Fact]
    public void A_reader_below_is_found_below_whatever_the_names_are()
    {
        Gen<string> name = Gen.String[Gen.Char["ab.:/ "], 1, 6].Select(one => "x" + one.Replace('/', 'y'));
        Gen<string> path = name.Array[1, 4].Select(names => "/" + string.Join('/', names));
        Gen.Select(path, path).Sample((container, below) =>
        {
            string found = Encoding.UTF8.GetString(
                Membership.Below(Encoding.UTF8.GetBytes("/sys/fs/cgroup/memory" + container), Encoding.UTF8.GetBytes(container + below)));

            Assert.Equal(below[1..], found);
        });
    }

    [Fact]
    public void No_bytes_at_all_lead_out_of_the_container() => Gen.Select(Gen.Byte.Array[0, 80], Gen.Byte.Array[0, 8]).Sample((text, name) =>
    {
        ReadOnlySpan<byte> below = Membership.Below("/sys/fs/cgroup/a"u8, Membership.PathIn(text, name));

        Assert.False(below.StartsWith((byte)'/'));
    });

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "|a")]
    [InlineData("a/b/c", "|a|a/b|a/b/c")]
    [InlineData("a//b", "|a|a/|a//b")]
    public void Levels_go_from_the_container_to_the_reader(string below, string expected)
    {
        List<string> levels = [];
        foreach (ReadOnlySpan<byte> level in new Levels(Encoding.UTF8.GetBytes(below)))
        {
            levels.Add(Encoding.UTF8.GetString(level));
        }

        Assert.Equal(expected, string.Join('|', levels));
    }

    [Fact]
    public void Levels_are_bounded_however_deep_cgroups_are_nested()
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in new Levels(Encoding.ASCII.GetBytes(string.Join('/', Enumerable.Repeat("a", 2000)))))
        {
            count++;
        }

        Assert.InRange(count, 2, 16);
    }
}
