namespace Caisson.Root.Tests.Docker;

/// <summary>What engines do with a container and its files while it runs and after.</summary>
public abstract class VerbTests(DockerEngine engine) : EngineTests(engine)
{
    [Fact]
    public void ARunningContainersFiles_CanBeComparedCopiedAndCommitted()
    {
        using Outer outer = new Outer(Engine, "files").Start("busybox", "-w", "/at-work");
        // What has been read is in the kernel's cache of the container's overlay.
        outer.Inside("ls -R /root /etc /home /usr/bin /at-work; cat /etc/passwd");
        Assert.DoesNotContain("/etc", Engine.Run("diff", "files"), StringComparison.Ordinal);
        outer.Inside("echo x >/root/new; chown 5:6 /root/new; rm /www/index.html; chmod 700 /home");
        string[] changes = Engine.Run("diff", "files").Split('\n');
        Assert.Contains("A /root/new", changes);
        Assert.Contains("D /www/index.html", changes);
        Assert.Contains("C /home", changes);

        File.WriteAllText($"{Engine.Scratch}/copied", "by cp");
        foreach (string directory in (string[])["/root", "/etc", "/home", "/usr/bin", "/at-work"])
        {
            Engine.Run("cp", $"{Engine.Scratch}/copied", $"files:{directory}/copied");
            Assert.Equal("by cp 0:0", outer.Inside($"cd {directory}; touch later; echo $(cat copied) $(stat -c %u:%g copied)"));
        }

        File.WriteAllText($"{Engine.Scratch}/out.tar", Engine.Run("cp", "files:/root/new", "-"));
        Assert.Matches("^-rw-r--r-- 5/6 +2 ", Command.Run("tar", ["--numeric-owner", "-tvf", $"{Engine.Scratch}/out.tar"]).Output);

        Engine.Run("commit", "files", "committed");
        const string look = "stat -c %u:%g:%a /root/new /home; ls /www | wc -l";
        Assert.Equal("5:6:644\n0:0:700\n0", Engine.Run("run", "--rm", "--runtime=caisson", "committed", "sh", "-c", look));
        Assert.Equal("5:6:644\n0:0:700\n0", Engine.Run("run", "--rm", "--runtime=runc", "committed", "sh", "-c", look));
        Engine.Run("rmi", "committed");
        Engine.Run("restart", "-t", "0", "files");
        Assert.Equal("x", outer.Inside("cat /root/new"));
    }

    [Fact]
    public void ACommitOfARunningContainer_HasWhatItWroteSinceTheEngineLastLooked()
    {
        const string late = "trap 'echo late >/etc/late; echo done' USR1; while :; do sleep 0.05; done";
        using Outer outer = new Outer(Engine, "late").Start("busybox", ["sh", "-c", late], []);
        Engine.Run("diff", "late");
        Engine.Run("kill", "-s", "USR1", "late");
        Eventually(() => Engine.Run("logs", "late") == "done", "it has written");
        Engine.Run("commit", "late", "committed");
        Assert.Equal("late", Engine.Run("run", "--rm", "--runtime=runc", "committed", "cat", "/etc/late"));
        Engine.Run("rmi", "committed");
    }

    [Fact]
    public void AContainerIsShown_ByTopStatsLogsAndInspect()
    {
        using Outer outer = new Outer(Engine, "shown").Start("busybox", ["sh", "-c", "echo out; echo err >&2; exec sleep 1000"], ["--hostname", "named"]);
        Assert.Contains("sleep 1000", Engine.Run("top", "shown"), StringComparison.Ordinal);
        string[] usage = Engine.Run("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}} {{.MemUsage}}", "shown").Split(' ');
        Assert.Equal(("shown", "1"), (usage[0], usage[1]));
        Assert.DoesNotContain("0B", usage[2], StringComparison.Ordinal);
        Eventually(() => Engine.Run("logs", "shown") == "out", "the line is logged");
        Assert.Equal("err", Engine.Try("logs", "shown").Errors.Trim());
        Assert.Equal("named", outer.Inside("hostname"));
        Assert.Equal(("running", "caisson"), ((string?)outer.Status["Status"], (string?)Engine.Inspect("shown")["HostConfig"]!["Runtime"]));
        // The engine's own pid is the container's first process.
        Assert.Equal("sleep\n", File.ReadAllText($"/proc/{outer.FirstPid}/comm"));
    }

    [Fact]
    public void TheInnerEnginesVerbs_WorkToo()
    {
        using Outer outer = new Outer(Engine, "inner-verbs").Start("dind").ImportBusybox();
        outer.Inside("docker run -d --name cc bb sh -c 'echo said; exec sleep 1000'");
        Assert.Equal("x", outer.Inside("docker exec cc sh -c 'echo x >/new' && docker exec cc cat /new"));
        Assert.Contains("A /new", outer.Inside("docker diff cc"), StringComparison.Ordinal);
        Assert.Equal("copied", outer.Inside("echo copied >/tmp/f && docker cp /tmp/f cc:/f && docker exec cc cat /f"));
        Assert.Equal("x", outer.Inside("docker commit cc made >/dev/null && docker run --rm made cat /new"));
        Assert.Contains("sleep 1000", outer.Inside("docker top cc"), StringComparison.Ordinal);
        Assert.Equal("said", outer.Inside("docker logs cc"));
        Assert.Equal("cc 1", outer.Inside("docker stats --no-stream --format '{{.Name}} {{.PIDs}}' cc"));
        Assert.Equal("paused", outer.Inside("docker pause cc >/dev/null && docker inspect -f '{{.State.Status}}' cc"));
        Assert.Equal("running", outer.Inside("docker unpause cc >/dev/null && docker inspect -f '{{.State.Status}}' cc"));
        Assert.Equal("running x", outer.Inside("docker restart -t 0 cc >/dev/null && echo $(docker inspect -f '{{.State.Status}}' cc) $(docker exec cc cat /new)"));
        Assert.Equal("137", outer.Inside("docker kill cc >/dev/null && docker wait cc"));
        Assert.Equal("x", outer.Inside("docker start cc >/dev/null && docker exec cc cat /new"));
        Assert.Equal("", outer.Inside("docker stop -t 0 cc >/dev/null && docker rm cc >/dev/null && docker run -d --name dd bb >/dev/null && docker rm -f dd >/dev/null && docker ps -aq"));
        // Nothing of removed inner containers stays in the outer one's cgroups and mounts.
        Assert.Equal("0", outer.Inside("find /sys/fs/cgroup -path '*/docker/*' -type d | wc -l"));
        Assert.Equal("0", outer.Inside("grep -c /overlay2/ /proc/self/mountinfo || true"));
    }
}

[Collection(typeof(OnBookworm))]
public sealed class VerbOfBookwormTests(BookwormEngine engine) : VerbTests(engine);

[Collection(typeof(OnSid))]
public sealed class VerbOfSidTests(SidEngine engine) : VerbTests(engine);

[Collection(typeof(OnContainerdStore))]
public sealed class VerbOnContainerdStoreTests(ContainerdStoreEngine engine) : VerbTests(engine);
