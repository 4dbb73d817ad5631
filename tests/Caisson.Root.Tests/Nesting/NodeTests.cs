using Caisson.Root.Tests.Docker;
using Caisson.Root.Tests.Engines.Cri;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Nesting;

/// <summary>A system container as a node of Kubernetes: containerd and its CRI plugin inside, pods with runc and with Caisson.</summary>
[Collection(typeof(OnSid))]
public sealed class NodeTests(SidEngine engine) : EngineTests(engine)
{
    [Fact]
    public void PodsRunInASystemContainer()
    {
        string place = Prepare();
        using Outer node = new(Engine, "node");
        node.StartOnly("dind", ["1000"], ["-v", $"{place}:{place}", "--entrypoint", "sleep"]);
        Engine.Run("exec", "-d", "node", "sh", "-c", $"exec containerd --config {place}/config.toml >{place}/log 2>&1");
        string import = $"ctr -a {place}/containerd.sock -n k8s.io image import {place}/bb.tar";
        Eventually(() => Engine.Try("exec", "node", "sh", "-c", import).ExitCode == 0, "containerd answers inside");
        using CriClient client = new($"{place}/containerd.sock");
        foreach (string handler in (string[])["runc", "caisson"])
        {
            using Pod pod = new(place, "pods", client, handler);
            pod.Launch(command: ["httpd", "-f", "-p", "80", "-h", "/etc"]);
            string other = pod.Launch(config => config.Linux.Resources = new Resources { MemoryLimitInBytes = 64 << 20 });

            Assert.Equal("root", pod.Ask(other, "http://localhost/passwd"));
            Assert.Equal("65536", pod.Shell(other, "awk '/MemTotal/ {print $2}' /proc/meminfo"));
            Assert.Equal(handler == "runc", pod.Shell(other, "readlink /proc/self/ns/user") == node.Inside("readlink /proc/self/ns/user"));
        }

        Assert.Equal("", node.Inside("find /run/netns /run/caisson/ids -mindepth 1"));
    }

    // What containerd is configured with, and its images and plugins, where it sees them.
    string Prepare()
    {
        string place = Directory.CreateDirectory($"{Engine.Scratch}/node").FullName;
        Directory.CreateDirectory($"{place}/networks");
        Succeed("cp", "-r", $"{Succeed(SourceTree.PathOf("tests/environment/cni-plugins"))}/bin", place);
        File.Copy(Succeed(SourceTree.PathOf("tests/environment/image-oci")), $"{place}/bb.tar");
        File.Copy(Host.Caisson, $"{place}/caisson");
        File.WriteAllText(
            $"{place}/networks/10-tests.conflist",
            """
            {"cniVersion": "0.4.0", "name": "tests", "plugins": [{"type": "bridge", "bridge": "pods0", "isGateway": true,
              "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.215.0.0/24"}]]}}]}
            """);
        File.WriteAllText(
            $"{place}/config.toml",
            $"""
            version = 2
            [grpc]
            address = "{place}/containerd.sock"
            [plugins."io.containerd.grpc.v1.cri"]
            sandbox_image = "docker.io/library/pause:1"
            restrict_oom_score_adj = true
            [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "{place}/bin"
            conf_dir = "{place}/networks"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
            runtime_type = "io.containerd.runc.v2"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.caisson]
            runtime_type = "io.containerd.runc.v2"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.caisson.options]
            BinaryName = "{place}/caisson"
            """);
        return place;
    }

    static string Succeed(string program, params string[] arguments)
    {
        CommandResult result = Command.Run(program, arguments, seconds: 120);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output.Trim();
    }
}
