using Caisson.Containers.Storage;
using Caisson.Oci;

namespace Caisson.Containers.Tests.Storage;

public sealed class InnerStoragePlannerTests
{
    const string Default = """
        docker /var/lib/docker /s/docker/c1 /upper/var/lib/docker
        containerd /var/lib/containerd /s/containerd/c1 /upper/var/lib/containerd
        containers /var/lib/containers /s/containers/c1 /upper/var/lib/containers
        buildkit /var/lib/buildkit /s/buildkit/c1 /upper/var/lib/buildkit
        kubelet /var/lib/kubelet /s/kubelet/c1 /upper/var/lib/kubelet
        k3s /var/lib/rancher/k3s /s/k3s/c1 /upper/var/lib/rancher/k3s
        rke2 /var/lib/rancher/rke2 /s/rke2/c1 /upper/var/lib/rancher/rke2
        k0s /var/lib/k0s /s/k0s/c1 /upper/var/lib/k0s
        caisson /var/lib/caisson /s/caisson/c1 /upper/var/lib/caisson
        """;

    [Fact]
    public void Plan_GivesOneEntryAKind() => Assert.Equal(Default, Render([]));

    [Fact]
    public void Plan_HasNoHome_WhereNothingCanBeWritten() =>
        Assert.Equal("", InnerStoragePlanner.Plan(new Spec(), "c1", "/s", "", _ => null)[0].Home);

    [Theory]
    [InlineData("/var/lib/docker", "docker")]
    [InlineData("/var/lib/docker/", "docker")]
    [InlineData("var//lib/./docker", "docker")]
    [InlineData("/var/lib/docker/volumes/a", "docker")]
    [InlineData("/var/lib/dockerish", "")]
    [InlineData("/var/lib/rancher", "k3s rke2")]
    [InlineData("/var/lib/rancher/k3s/server/db", "k3s")]
    [InlineData("/var/lib", "docker containerd containers buildkit kubelet k3s rke2 k0s caisson")]
    [InlineData("/var", "docker containerd containers buildkit kubelet k3s rke2 k0s caisson")]
    [InlineData("/", "docker containerd containers buildkit kubelet k3s rke2 k0s caisson")]
    [InlineData("/data/../var/lib/k0s", "k0s")]
    [InlineData("/etc/resolv.conf", "")]
    public void Plan_AddsNothing_WhereTheUserMounts(string destination, string without)
    {
        string expected = string.Join('\n', Default.Split('\n').Where(line => !without.Split(' ').Contains(line.Split(' ')[0])));

        Assert.Equal(expected, Render([destination]));
    }

    [Theory]
    [InlineData("""{"data-root":"/data/docker"}""", "/data/docker")]
    [InlineData("\uFEFF{\"data-root\" : \"/a:b c\"}", "/a:b c")]
    [InlineData("""{"data-root":"/data/docker","data-root":"/second"}""", "/second")]
    [InlineData("""{"data-root":"/devices"}""", "/devices")]
    [InlineData("""{"data-root":"/"}""", null)]
    [InlineData("""{"data-root":"/data/"}""", null)]
    [InlineData("""{"data-root":"/data/../etc"}""", null)]
    [InlineData("""{"data-root":"relative"}""", null)]
    [InlineData("""{"data-root":""}""", null)]
    [InlineData("""{"data-root":"/proc/x"}""", null)]
    [InlineData("""{"data-root":"/sys"}""", null)]
    [InlineData("""{"data-root":"/dev/shm"}""", null)]
    [InlineData("""{"data-root":"/a\u0000b"}""", null)]
    [InlineData("""{"data-root":"/a\ud800"}""", null)]
    [InlineData("""{"data-root":["/data"]}""", null)]
    [InlineData("""{"data-root":null}""", null)]
    [InlineData("""{"data-root":"/var/lib"}""", null)]
    [InlineData("""{"data-root":"/var/lib/containerd"}""", null)]
    [InlineData("""{"data-root":"/var/lib/containers/docker"}""", null)]
    [InlineData("""{"data-root":"/data" """, null)]
    [InlineData("""["data-root"]""", null)]
    [InlineData("""{/* no */"data-root":"/data"}""", null)]
    [InlineData("", null)]
    public void Plan_TakesTheDataRootOfTheImage_WhereItIsFit(string configuration, string? expected)
    {
        IReadOnlyList<StorageEntry> entries = InnerStoragePlanner.Plan(
            new Spec(), "c1", "/s", "/upper/", path => path == "/etc/docker/daemon.json" ? configuration : null);

        Assert.Equal(9, entries.Count);
        Assert.Equal(
            new StorageEntry("docker", expected ?? "/var/lib/docker", "/s/docker/c1", "/upper" + (expected ?? "/var/lib/docker")),
            entries[0]);
    }

    [Fact]
    public void Plan_ComparesTheMountsWithTheDataRoot()
    {
        Spec spec = new() { Mounts = [new MountSpec { Destination = "/data" }] };

        IReadOnlyList<StorageEntry> entries = InnerStoragePlanner.Plan(spec, "c1", "/s", "/u", _ => """{"data-root":"/data/docker"}""");

        Assert.DoesNotContain(entries, entry => entry.Kind == "docker");
    }

    static string Render(string[] destinations)
    {
        Spec spec = new() { Mounts = [.. destinations.Select(destination => new MountSpec { Destination = destination })] };
        return string.Join('\n', InnerStoragePlanner.Plan(spec, "c1", "/s", "/upper", _ => null)
            .Select(entry => $"{entry.Kind} {entry.Destination} {entry.Directory} {entry.Home}"));
    }
}
