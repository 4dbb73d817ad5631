namespace Caisson.Root.Tests.Docker;

/// <summary>The main job, through the unmodified Docker of Debian bookworm (20.10) and of sid.</summary>
public abstract class DockerStoryTests(DockerEngine engine) : EngineTests(engine)
{
    const string AskInner = "curl -sS --retry 20 --retry-connrefused --retry-delay 0 --retry-max-time 20 http://127.0.0.1:8080/";

    [Theory]
    [InlineData("bookworm")]
    [InlineData("sid")]
    public void ADockerInside_RunsContainers_ThatTheHostDoesNotSee_AndKeepsThemOverARestart(string suite)
    {
        using Outer outer = new Outer(Engine, "story").Start(Engine.DockerOf(suite), "-p", "18080:8080").ImportBusybox();
        Assert.Equal("overlay2", outer.Inside("docker info -f '{{.Driver}}'"));
        outer.Inside("docker run -d --restart=always --name inner -p 8080:80 bb httpd -f -h /www");
        Assert.Equal("Hello from busybox.", outer.Inside(AskInner));
        Assert.Equal("Hello from busybox.\n", Engine.OnNetwork("curl", "-sS", "http://127.0.0.1:18080/").Output);
        Assert.Equal("inner", outer.Inside("docker ps --format '{{.Names}}'"));
        Assert.DoesNotContain("inner", Engine.Run("ps", "-a", "--format", "{{.Names}}"), StringComparison.Ordinal);
        Assert.False((bool)Engine.Inspect(outer.Name)["HostConfig"]!["Privileged"]!);
        Assert.Matches(
            $" /var/lib/caisson/docker/{outer.Id} /var/lib/docker ", outer.Inside("grep ' /var/lib/docker ' /proc/self/mountinfo"));
        Assert.Matches("^overlay .*upperdir=/var/lib/docker/overlay2/", outer.Inside("grep '^overlay /var/lib/docker/overlay2/' /proc/mounts"));
        Assert.Matches("^0 +[1-9][0-9]+ +65536$", outer.Inside("cat /proc/self/uid_map"));

        Engine.Run("restart", "-t", "1", outer.Name);
        outer.AwaitDocker();
        Assert.Equal("bb", outer.Inside("docker images --format '{{.Repository}}'"));
        Assert.Equal("Hello from busybox.", outer.Inside(AskInner));
    }

    [Fact]
    public void WhatTheInnerDockerStored_IsInAnImageCommittedFromTheStoppedContainer_AndGoesWithRm()
    {
        string committed;
        using (Outer outer = new(Engine, "giver"))
        {
            outer.Start("dind");
            outer.Inside("docker import /usr/share/caisson/busybox.tar kept");
            Engine.Run("stop", "-t", "5", outer.Name);
            Assert.False(Directory.Exists($"/var/lib/caisson/docker/{outer.Id}"), "storage is in the layer while the container is stopped");
            committed = Engine.Run("commit", outer.Name, "with-inner");
        }

        using (Outer taker = new(Engine, "taker"))
        {
            taker.Start("with-inner");
            Assert.Equal("inner answer", taker.Inside("docker run --rm kept echo inner answer"));
        }

        Engine.Run("rmi", "-f", committed);
    }

    [Theory]
    [InlineData("--network=host", "network")]
    [InlineData("--pid=host", "pid")]
    [InlineData("--ipc=host", "ipc")]
    public void ANamespaceOfTheHosts_IsRefusedByName(string flag, string type)
    {
        CommandResult refused = Engine.Try("run", "--rm", "--runtime=caisson", flag, "busybox", "true");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"a system container cannot share the host's {type} namespace", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caisson")]
    [InlineData("caisson-plain")]
    public void ExitCodesAreTheEngines(string runtime)
    {
        Assert.Equal(7, Engine.Try("run", "--rm", $"--runtime={runtime}", "busybox", "sh", "-c", "exit 7").ExitCode);
        Assert.Equal(127, Engine.Try("run", "--rm", $"--runtime={runtime}", "busybox", "no-such-program").ExitCode);
        Assert.Equal(126, Engine.Try("run", "--rm", $"--runtime={runtime}", "busybox", "/etc/passwd").ExitCode);
    }

    [Fact]
    public void APlainContainer_IsLikeRuncs()
    {
        const string look = "id; grep -E 'Cap|NoNewPrivs|Seccomp:|SigIgn|SigBlk' /proc/self/status; ls /dev; umask; env | sort | grep -v HOSTNAME; ulimit -n; cat /proc/self/oom_score_adj; pwd";
        Assert.Equal(
            Engine.Run("run", "--rm", "--runtime=runc", "busybox", "sh", "-c", look),
            Engine.Run("run", "--rm", "--runtime=caisson-plain", "busybox", "sh", "-c", look));
    }
}

[Collection(typeof(OnBookworm))]
public sealed class DockerStoryOfBookwormTests(BookwormEngine engine) : DockerStoryTests(engine);

[Collection(typeof(OnSid))]
public sealed class DockerStoryOfSidTests(SidEngine engine) : DockerStoryTests(engine);

[Collection(typeof(OnContainerdStore))]
public sealed class DockerStoryOnContainerdStoreTests(ContainerdStoreEngine engine) : DockerStoryTests(engine);
