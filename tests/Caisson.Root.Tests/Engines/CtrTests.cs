using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Engines;

/// <summary>containerd driven by its own client: a task's life at both levels.</summary>
public abstract class CtrTests
{
    const string Image = ContainerdEngine.Image;

    readonly ContainerdEngine _containerd;

    protected CtrTests(ContainerdEngine containerd)
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("needs root: containerd runs as root");
        }

        _containerd = containerd;
    }

    [Theory, ForEachLevel]
    public void ATask_LivesItsLife(string level)
    {
        string program = Program(level);
        string inside = level == "system" ? "^0 +[1-9][0-9]+ +65536$" : "^0 +0 +4294967295$";
        Ctr("run", "-d", "--runc-binary", program, "--memory-limit", "67108864", Image, "one", "sleep", "1000");
        Assert.Matches(inside, Exec("one", "cat", "/proc/self/uid_map"));
        Assert.Equal("5 6 /tmp", Ctr("task", "exec", "--exec-id", "as", "--user", "5:6", "--cwd", "/tmp", "one", "sh", "-c", "echo $(id -u) $(id -g) $PWD"));
        Assert.Equal(7, _containerd.Try("ctr", "task", "exec", "--exec-id", "bad", "one", "sh", "-c", "exit 7").ExitCode);
        // ctr gives the size of its terminal to the first process only, when that runs already.
        Assert.Contains("/dev/pts/", AtTerminal("ctr task exec -t --exec-id tty one tty"), StringComparison.Ordinal);
        string size = AtTerminal($"ctr run --rm -t --runc-binary {program} {Image} two sh -c 'until stty size 2>/dev/null | grep .; do sleep 0.02; done'");
        Assert.Contains("17 93", size, StringComparison.Ordinal);

        JsonNode metrics = JsonNode.Parse(Ctr("task", "metrics", "--format", "json", "one"))!;
        Assert.Equal(1, (int)metrics["pids"]!["current"]!);
        Assert.True((ulong)(metrics["memory"]!["usage"]!["limit"] ?? metrics["memory"]!["usage_limit"])! == 67108864);
        Assert.Single(Ctr("task", "ps", "one").Split('\n')[1..]);

        Ctr("task", "pause", "one");
        Assert.Contains("PAUSED", Ctr("task", "ls"), StringComparison.Ordinal);
        Ctr("task", "resume", "one");
        Exec("one", "touch", "/made");

        Ctr("task", "kill", "-s", "KILL", "one");
        RootTest.Eventually(() => Ctr("task", "ls").Contains("STOPPED", StringComparison.Ordinal), "the task has stopped");
        Assert.Contains("non-zero exit code 137", _containerd.Try("ctr", "task", "delete", "one").Errors, StringComparison.Ordinal);
        Ctr("container", "delete", "one");
        Assert.Equal("", Ctr("task", "ls", "-q"));
    }

    [Theory, ForEachLevel]
    public void Options_HoldInside(string level)
    {
        Assert.Equal("fine", Run(level, ["--read-only"], "touch /x 2>/dev/null || echo fine"));
        File.WriteAllText($"{_containerd.Scratch}/file", "given\n");
        string mount = $"type=bind,src={_containerd.Scratch}/file,dst=/file,options=rbind:ro";
        Assert.Equal("0 given fine", Run(level, ["--mount", mount], "echo $(stat -c %u /file) $(cat /file) $(echo >/file || echo fine) 2>/dev/null"));
        Assert.Equal("lo", Run(level, [], "ls /sys/class/net"));
        Assert.Equal("0 0", Run(level, ["--snapshotter", "native"], "touch /new && echo $(stat -c %u /bin /new)"));
        Assert.Equal(9, Try(level, [], "exit 9").ExitCode);
    }

    [Fact]
    public void WhatASystemContainerIsNot_IsTold()
    {
        CommandResult shared = Try("system", ["--net-host"], "true");
        Assert.NotEqual(0, shared.ExitCode);
        Assert.Contains("a system container cannot share the host's network namespace", shared.Errors, StringComparison.Ordinal);
        Assert.Equal("lo", Run("plain", ["--net-host"], "ls /sys/class/net | grep -x lo"));
        Assert.Contains(
            "executable file not found", _containerd.Try("ctr", "run", "--rm", "--runc-binary", Host.Caisson, Image, "no", "nonexistent").Errors, StringComparison.Ordinal);
        Assert.Equal("", Ctr("container", "ls", "-q"));
    }

    [Theory, ForEachLevel]
    public void ATask_OutlivesContainerd(string level)
    {
        Ctr("run", "-d", "--runc-binary", Program(level), Image, "stays", "sleep", "1000");

        _containerd.Restart();

        Assert.Equal("0", Exec("stays", "id", "-u"));
        Ctr("task", "delete", "--force", "stays");
        Ctr("container", "delete", "stays");
    }

    string Program(string level) => level == "system" ? Host.Caisson : _containerd.Plain;

    string Ctr(params string[] arguments) => _containerd.Succeeded(["ctr", .. arguments]);

    string Exec(string container, params string[] command) => Ctr(["task", "exec", "--exec-id", "other", container, .. command]);

    internal CommandResult Try(string level, string[] options, string script) =>
        _containerd.Try(["ctr", "run", "--rm", "--runc-binary", Program(level), .. options, Image, "short", "sh", "-c", script]);

    internal string Run(string level, string[] options, string script)
    {
        CommandResult result = Try(level, options, script);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', options)}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }

    string AtTerminal(string line) => _containerd.Succeeded("script", "-qec", $"stty rows 17 cols 93; exec {line}", "/dev/null");
}

[Collection(typeof(OnContainerdOfBookworm))]
public sealed class CtrOfBookwormTests(ContainerdOfBookworm containerd) : CtrTests(containerd);

[Collection(typeof(OnContainerdOfTrixie))]
public sealed class CtrOfTrixieTests(ContainerdOfTrixie containerd) : CtrTests(containerd);

[Collection(typeof(OnContainerdOfSid))]
public sealed class CtrOfSidTests(ContainerdOfSid containerd) : CtrTests(containerd)
{
    // Older ones forget --runc-binary when they are given maps, and take runc.
    [Theory, ForEachLevel]
    public void IdsThatCtrGives_AreTaken(string level)
    {
        const string Owned = "touch /new && echo $(cat /proc/self/uid_map) $(stat -c %u /bin /new)";
        string[] maps = ["--uidmap", "0:200000:65536", "--gidmap", "0:200000:65536"];

        // ctr copies the files with other owners, or lets the snapshotter map them.
        Assert.Equal("0 200000 65536 0 0", Run(level, maps, Owned));
        Assert.Equal("0 200000 65536 0 0", Run(level, ["--remap-labels", .. maps], Owned));
    }

    [Fact]
    public void TheHostsRoot_IsNotGivenToASystemContainer()
    {
        CommandResult refused = Try("system", ["--uidmap", "0:0:65536", "--gidmap", "0:0:65536"], "true");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("cannot have the host's id 0", refused.Errors, StringComparison.Ordinal);
    }
}
