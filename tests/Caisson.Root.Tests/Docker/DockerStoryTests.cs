using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>The main job, through the unmodified Docker of Debian bookworm (20.10) and of sid.</summary>
public abstract class DockerStoryTests(DockerEngine engine)
{
    [Fact]
    public void ADockerInside_RunsContainers_ThatTheHostDoesNotSee_AndKeepsThemOverARestart()
    {
        RequireRoot();
        using Outer outer = new(engine, "story");
        outer.Start("dind", "-p", "18080:8080");
        Assert.Equal("overlay2", outer.Inside("docker info -f '{{.Driver}}'"));
        outer.Inside("docker import /usr/share/caisson/busybox.tar web && docker run -d --restart=always --name inner -p 8080:80 web httpd -f -h /www");
        Assert.Contains("Hello from busybox", outer.Inside("curl -s --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8080/"), StringComparison.Ordinal);
        Assert.Contains("Hello from busybox", engine.OnNetwork("curl", "-s", "http://127.0.0.1:18080/").Output, StringComparison.Ordinal);
        Assert.Equal("inner", outer.Inside("docker ps --format '{{.Names}}'"));
        Assert.DoesNotContain("inner", engine.Run("ps", "-a", "--format", "{{.Names}}"), StringComparison.Ordinal);
        Assert.False((bool)engine.Inspect(outer.Name)["HostConfig"]!["Privileged"]!);
        Assert.Matches(
            $" /var/lib/caisson/docker/{outer.Id} /var/lib/docker ", outer.Inside("grep ' /var/lib/docker ' /proc/self/mountinfo"));
        Assert.Matches("^0 +[1-9][0-9]+ +65536$", outer.Inside("cat /proc/self/uid_map"));

        engine.Run("restart", "-t", "1", outer.Name);
        outer.AwaitDocker();
        Assert.Contains("web", outer.Inside("docker images --format '{{.Repository}}'"), StringComparison.Ordinal);
        Assert.Contains("Hello from busybox", outer.Inside("curl -s --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8080/"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheInnerDockerStored_IsInAnImageCommittedFromTheStoppedContainer_AndGoesWithRm()
    {
        RequireRoot();
        string committed;
        using (Outer outer = new(engine, "giver"))
        {
            outer.Start("dind");
            outer.Inside("docker import /usr/share/caisson/busybox.tar kept");
            engine.Run("stop", "-t", "5", outer.Name);
            Assert.False(Directory.Exists($"/var/lib/caisson/docker/{outer.Id}"), "storage is in the layer while the container is stopped");
            committed = engine.Run("commit", outer.Name, "with-inner");
        }

        using (Outer taker = new(engine, "taker"))
        {
            taker.Start("with-inner");
            Assert.Equal("inner answer", taker.Inside("docker run --rm kept echo inner answer"));
        }

        engine.Run("rmi", "-f", committed);
    }

    [Fact]
    public void LimitsHoldAtBothLevels()
    {
        RequireRoot();
        using Outer outer = new(engine, "limits");
        outer.Start("dind", "-m", "700m", "--cpus", "1.5", "--pids-limit", "400");
        Assert.Equal("734003200", outer.Inside("cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Assert.Equal("150000", outer.Inside("cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us"));
        Assert.Equal("400", outer.Inside("cat /sys/fs/cgroup/pids/pids.max"));
        Assert.Equal("refused", outer.Inside("echo -1 >/sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || echo refused"));
        outer.Inside("docker import /usr/share/caisson/busybox.tar bb");
        Assert.Equal("67108864", outer.Inside("docker run --rm -m 64m bb cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
        engine.Run("update", "-m", "600m", "--memory-swap", "600m", outer.Name);
        Assert.Equal("629145600", outer.Inside("cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Assert.Contains("600MiB", engine.Run("stats", "--no-stream", "--format", "{{.MemUsage}}", outer.Name), StringComparison.Ordinal);
    }

    [Fact]
    public void TheEnginesVerbsWork()
    {
        RequireRoot();
        using Outer outer = new(engine, "verbs");
        outer.Start("busybox", "--init", "-v", $"{engine.Scratch}:/v");
        outer.Inside("echo from-inside >/v/file; echo x >/root/new");
        Assert.Equal("0", Host.Run(engine.Scratch, ["stat", "-c", "%u", $"{engine.Scratch}/file"]).Output.Trim());
        engine.Run("pause", outer.Name);
        Assert.Equal("paused", (string?)engine.Inspect(outer.Name)["State"]!["Status"]);
        engine.Run("unpause", outer.Name);
        Assert.Contains("sleep", engine.Run("top", outer.Name), StringComparison.Ordinal);
        Assert.Contains("A /root/new", engine.Run("diff", outer.Name), StringComparison.Ordinal);
        File.WriteAllText($"{engine.Scratch}/copied", "by cp");
        engine.Run("cp", $"{engine.Scratch}/copied", $"{outer.Name}:/root/copied");
        Assert.Equal("by cp 0", outer.Inside("echo $(cat /root/copied) $(stat -c %u /root/copied)"));
        Assert.Equal("uid=1000 gid=1000", engine.Run("exec", "-u", "1000:1000", outer.Name, "id").Replace(" groups=1000", "", StringComparison.Ordinal));
        using Outer guest = new(engine, "guest");
        guest.Start("busybox", "--network", $"container:{outer.Name}");
        Assert.Equal(outer.Inside("cat /proc/self/uid_map; ip -o link | wc -l"), guest.Inside("cat /proc/self/uid_map; ip -o link | wc -l"));
        engine.Run("kill", outer.Name);
        Assert.Equal("137", engine.Run("wait", outer.Name));
        engine.Run("start", outer.Name);
        Assert.Equal("x", outer.Inside("cat /root/new"));
    }

    [Theory]
    [InlineData("--network=host", "network")]
    [InlineData("--pid=host", "pid")]
    [InlineData("--ipc=host", "ipc")]
    public void ANamespaceOfTheHosts_IsRefusedByName(string flag, string type)
    {
        RequireRoot();
        CommandResult refused = engine.Try("run", "--rm", "--runtime=caisson", flag, "busybox", "true");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains($"a system container cannot share the host's {type} namespace", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caisson")]
    [InlineData("caisson-plain")]
    public void ExitCodesAreTheEngines(string runtime)
    {
        RequireRoot();
        Assert.Equal(7, engine.Try("run", "--rm", $"--runtime={runtime}", "busybox", "sh", "-c", "exit 7").ExitCode);
        Assert.Equal(127, engine.Try("run", "--rm", $"--runtime={runtime}", "busybox", "no-such-program").ExitCode);
        Assert.Equal(126, engine.Try("run", "--rm", $"--runtime={runtime}", "busybox", "/etc/passwd").ExitCode);
    }

    [Fact]
    public void APlainContainer_IsLikeRuncs()
    {
        RequireRoot();
        const string look = "id; grep -E 'Cap|NoNewPrivs|Seccomp:|SigIgn|SigBlk' /proc/self/status; ls /dev; umask; env | sort | grep -v HOSTNAME; ulimit -n; cat /proc/self/oom_score_adj; pwd";
        Assert.Equal(
            engine.Run("run", "--rm", "--runtime=runc", "busybox", "sh", "-c", look),
            engine.Run("run", "--rm", "--runtime=caisson-plain", "busybox", "sh", "-c", look));
    }

    static void RequireRoot()
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("needs root: a dockerd is started");
        }
    }
}

public sealed class DockerOfBookwormTests(BookwormEngine engine) : DockerStoryTests(engine), IClassFixture<BookwormEngine>;

public sealed class DockerOfSidTests(SidEngine engine) : DockerStoryTests(engine), IClassFixture<SidEngine>;
