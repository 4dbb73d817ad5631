namespace Caisson.Root.Tests.Docker;

/// <summary>Limits at both levels, and what happens to who exceeds them.</summary>
public abstract class LimitTests(DockerEngine engine) : EngineTests(engine)
{
    /// <summary>Fills as much memory as is asked for, in the process itself.</summary>
    const string Fill = "dd if=/dev/zero of=/dev/null count=1 bs=";

    [Fact]
    public void LimitsHoldAtBothLevels()
    {
        using Outer outer = new Outer(Engine, "limits").Start("dind", "-m", "700m", "--cpus", "1.5", "--pids-limit", "400").ImportBusybox();
        Assert.Equal("734003200", outer.Inside("cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Assert.Equal("150000", outer.Inside("cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us"));
        Assert.Equal("400", outer.Inside("cat /sys/fs/cgroup/pids/pids.max"));
        foreach (string file in (string[])["memory/memory.limit_in_bytes", "cpu/cpu.cfs_quota_us", "pids/pids.max"])
        {
            Assert.Equal("refused", outer.Inside($"echo -1 >/sys/fs/cgroup/{file} 2>/dev/null || echo refused"));
        }

        Assert.Equal("67108864 50000 30", outer.Inside(
            "docker run --rm -m 64m --cpus 0.5 --pids-limit 30 bb sh -c 'cd /sys/fs/cgroup; echo $(cat memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us pids/pids.max)'"));
        outer.Inside("docker run -d --name updated -m 64m bb && docker update -m 48m --memory-swap 48m updated");
        Assert.Equal("50331648", outer.Inside("docker exec updated cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Assert.Contains("48MiB", outer.Inside("docker stats --no-stream --format '{{.MemUsage}}' updated"), StringComparison.Ordinal);

        Engine.Run("update", "-m", "600m", "--memory-swap", "600m", "--cpus", "1", "--pids-limit", "300", outer.Name);
        Assert.Equal("629145600", outer.Inside("cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
        Assert.Equal("100000", outer.Inside("cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us"));
        Assert.Equal("300", outer.Inside("cat /sys/fs/cgroup/pids/pids.max"));
        Assert.Contains("600MiB", Engine.Run("stats", "--no-stream", "--format", "{{.MemUsage}}", outer.Name), StringComparison.Ordinal);
        // Limits outlive a restart of the container.
        Engine.Run("restart", "-t", "1", outer.Name);
        Assert.Equal("629145600", outer.Inside("cat /sys/fs/cgroup/memory/memory.limit_in_bytes"));
    }

    [Fact]
    public void AnInnerContainer_SeesTheOutersLimits_OrItsOwn()
    {
        const string look = "awk '/^MemTotal/ { print $2 }' /proc/meminfo; free | awk '/^Mem/ { print $2 }'; grep -c ^processor /proc/cpuinfo; cat /sys/devices/system/cpu/online";
        using Outer outer = new Outer(Engine, "view").Start("dind", "-m", "256m", "--cpus", "1").ImportBusybox();

        Assert.Equal("262144\n262144\n1\n0", outer.Inside(look));
        Assert.Equal("262144\n262144\n1\n0", outer.Inside($"docker run --rm bb sh -c \"{Escaped(look)}\""));
        Assert.Equal("65536\n65536\n1\n0", outer.Inside($"docker run --rm -m 64m bb sh -c \"{Escaped(look)}\""));
        outer.Inside("docker run -d --name changed -m 64m bb && docker update -m 48m --memory-swap 96m changed");
        Assert.Equal("49152\n49152\n1\n0", outer.Inside($"docker exec changed sh -c \"{Escaped(look)}\""));

        static string Escaped(string script) => script.Replace("$", "\\$", StringComparison.Ordinal);
    }

    [Fact]
    public void TheNumberOfProcessesIsLimited_AtBothLevels()
    {
        const string spawn = "for i in $(seq 40); do sleep 5 & done; echo all";
        CommandResult direct = Engine.Try("run", "--rm", "--runtime=caisson", "--pids-limit", "20", "busybox", "sh", "-c", spawn);
        Assert.Contains("can't fork", direct.Errors, StringComparison.Ordinal);

        using Outer outer = new Outer(Engine, "pids").Start("dind").ImportBusybox();
        Assert.Equal("all", outer.Inside($"docker run --rm --pids-limit 50 bb sh -c '{spawn}'"));
        Assert.Contains("can't fork", outer.Inside($"docker run --rm --pids-limit 20 bb sh -c '{spawn}' 2>&1 || true"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caisson")]
    [InlineData("caisson-plain")]
    public void WhoFillsItsMemory_IsKilled_AndTheEngineIsTold(string runtime)
    {
        Engine.Run("run", "-d", "--name", "oom", "--runtime", runtime, "-m", "32m", "--memory-swap", "32m", "busybox", "sh", "-c", $"exec {Fill}200M");
        try
        {
            Assert.Equal("137", Engine.Run("wait", "oom"));
            Assert.True((bool)Engine.Inspect("oom")["State"]!["OOMKilled"]!);
        }
        finally
        {
            Engine.Run("rm", "-f", "oom");
        }
    }

    [Fact]
    public void AnInnerContainerThatFillsItsMemory_IsKilledAlone_ByItsOwnLimitOrTheOutersOne()
    {
        using Outer outer = new Outer(Engine, "oom-outer").Start("dind", "-m", "400m", "--memory-swap", "400m").ImportBusybox();
        outer.Inside($"docker run -d --name inner -m 32m --memory-swap 32m bb sh -c 'exec {Fill}200M'");
        Assert.Equal("137", outer.Inside("docker wait inner"));
        Assert.Equal("true", outer.Inside("docker inspect -f '{{.State.OOMKilled}}' inner"));
        Assert.Equal("0", outer.Inside("grep -h '^oom_kill ' /sys/fs/cgroup/memory/memory.oom_control | cut -d' ' -f2"));

        // Without a limit of its own it meets the outer container's, as its largest process.
        outer.Inside($"docker run -d --name greedy bb sh -c 'exec {Fill}1000M'");
        Assert.Equal("137", outer.Inside("docker wait greedy"));
        Assert.Equal("true", $"{outer.Status["Running"]}");
        Assert.Equal("alive", outer.Inside("docker run --rm bb echo alive"));
    }
}

[Collection(typeof(OnBookworm))]
public sealed class LimitOfBookwormTests(BookwormEngine engine) : LimitTests(engine);

[Collection(typeof(OnSid))]
public sealed class LimitOfSidTests(SidEngine engine) : LimitTests(engine);
