using Caisson.Root.Tests.Engines.Cri;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Engines;

/// <summary>
/// Pods with a user namespace (hostUsers: false): kubelet chooses the ids, containerd maps the files and makes a network
/// namespace that belongs to the pod. containerd 1.7 makes such pods, but cannot give them volumes.
/// </summary>
[Collection(typeof(OnContainerdOfSid))]
public sealed class CriUserNamespaceTests(ContainerdOfSid containerd) : CriTest(containerd)
{
    const uint First = 300000;

    [Theory, ForEachLevel]
    public void APodsIds_AreThoseThatKubeletChose(string level)
    {
        string volume = Directory.CreateDirectory($"{Containerd.Scratch}/volume-{level}").FullName;
        using (Pod pod = NewPod(level, Ids(First)))
        {
            string first = pod.Launch(config => config.Mounts.Add(Mapped(volume, "/volume", First)));
            string second = pod.Launch();
            const string all = "for each in user ipc uts net; do readlink /proc/1/ns/$each; done; cat /proc/self/uid_map";
            Assert.Equal(pod.Shell(first, all), pod.Shell(second, all));
            Assert.Equal("0 300000 65536", pod.Shell(first, "echo $(cat /proc/self/uid_map)"));
            Assert.Equal("0 0 5", pod.Shell(first, "touch /new /volume/new && chown 5 /volume/new && stat -c %u /bin /new /volume/new | xargs"));
            Assert.Equal("5", Command.Run("stat", ["-c", "%u", $"{volume}/new"]).Output.Trim());
            // The pod's user namespace owns its network, so sysfs shows its interfaces as root's.
            Assert.Equal("0", pod.Shell(first, "stat -c %u /sys/class/net/lo/mtu"));
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public void RootOfAPod_RulesItsNetwork()
    {
        using Pod pod = NewPod("system", Ids(First));
        string first = pod.Launch(), second = pod.Launch();

        pod.Shell(first, "ip link add made0 type bridge && ip link set made0 up && echo 1 >/proc/sys/net/ipv4/conf/made0/forwarding");

        Assert.Equal("1", pod.Shell(second, "cat /proc/sys/net/ipv4/conf/made0/forwarding"));
        Assert.Equal("up", pod.Shell(second, "ip link show made0 | grep -q UP && echo up"));
    }

    [Fact]
    public void Docker_RunsInAPod_WithNetworksOfItsOwn()
    {
        using Pod pod = NewPod("system", Ids(First));
        string docker = LaunchDocker(pod, isMapped: true, "dockerd");

        pod.Shell(docker, "docker run -d --name web -p 8080:80 bb");

        Assert.Equal("root", pod.Shell(docker, "docker run --rm --link web bb sh -c 'until wget -q -O - http://web/passwd; do sleep 0.05; done' | head -n 1 | cut -d: -f1"));
        Assert.Equal("overlay2 0", pod.Shell(docker, "echo $(docker info -f '{{.Driver}}') $(stat -c %u /var/lib/docker)"));
        string address = Client.PodStatus(pod.Id).Status.Network.Ip;
        Assert.StartsWith("root", Containerd.Succeeded("curl", "-s", $"http://{address}:8080/passwd"), StringComparison.Ordinal);
        pod.Shell(docker, "docker rm -f web");
    }

    [Fact]
    public void Docker_RunsInAPodOfTheHostsUserNamespace_WithoutNetworks()
    {
        using Pod pod = NewPod("system");
        string docker = LaunchDocker(pod, isMapped: false, "dockerd --bridge none --iptables=false --ip6tables=false --ip-forward=false");

        Assert.Equal("65536", pod.Shell(docker, "docker run --rm --network none -m 64m bb awk '/MemTotal/ {print $2}' /proc/meminfo"));
    }

    [Theory]
    [InlineData("caisson")]
    [InlineData("plain")]
    public void RuntimeHandlers_SayThatTheyHaveUserNamespaces(string handler) => Assert.True(Client.HasUserNamespaces(handler));

    // The files of sid's Docker beside those of the image; ready, with the image "bb".
    string LaunchDocker(Pod pod, bool isMapped, string line)
    {
        (string From, string To)[] files =
        [
            ($"{Containerd.Docker}/usr", "/usr"), ($"{Containerd.Docker}/usr/lib", "/lib"), ($"{Containerd.Docker}/usr/lib64", "/lib64"),
            ($"{Containerd.Docker}/etc/alternatives", "/etc/alternatives"), (Containerd.Busybox, "/bb.tar"),
        ];
        string container = pod.Launch(config =>
        {
            config.Linux.SecurityContext.Seccomp = new SecurityProfile();
            config.Mounts.AddRange(files.Select(file =>
                isMapped ? Mapped(file.From, file.To, First) : new Mount { HostPath = file.From, ContainerPath = file.To, Readonly = true }));
        }, "sh", "-c", $"exec {line} >/log 2>&1");
        RootTest.Eventually(() => Client.Exec(container, "docker", "version").ExitCode == 0, "Docker answers in the pod", seconds: 40);
        pod.Shell(container, "docker import -c 'CMD httpd -f -p 80 -h /etc' /bb.tar bb");
        return container;
    }

    static Namespaces Ids(uint first) => new()
    {
        Pid = Sharing.Container,
        UsernsOptions = new UserNamespace { Mode = Sharing.Pod, Uids = { Mapping(first) }, Gids = { Mapping(first) } },
    };

    // As kubelet does for the volumes of such a pod.
    static Mount Mapped(string source, string destination, uint first) => new()
    {
        HostPath = source,
        ContainerPath = destination,
        UidMappings = { Mapping(first) },
        GidMappings = { Mapping(first) },
    };

    static IdMapping Mapping(uint first) => new() { HostId = first, ContainerId = 0, Length = 65536 };
}
