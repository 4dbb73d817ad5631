using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>One more process in a container.</summary>
public sealed class ExecTests : RootTest
{
    [Theory, ForEachLevel]
    public void Exec_StandsInTheContainer(string level)
    {
        using Bundle bundle = Sleeping(level);
        string container = bundle.Shell(Namespaces(1));

        Assert.Equal(container, bundle.Shell(Namespaces("self")));
        Assert.Equal(bundle.Shell("cat /proc/1/cgroup"), bundle.Shell("cat /proc/self/cgroup"));
        Assert.Equal("/", bundle.Shell("pwd"));
    }

    [Theory, ForEachLevel]
    public void Exec_TakesStreams_AndReturnsTheExitCode(string level)
    {
        using Bundle bundle = Sleeping(level);

        CommandResult result = Bash($"echo input | $CAISSON exec {bundle.Id} sh -c 'cat; echo error >&2; exit 6' | cat; exit ${{PIPESTATUS[1]}}");

        Assert.Equal(new CommandResult(6, "input\n", "error\n"), result);
    }

    [Theory, ForEachLevel]
    public void Exec_TakesUserDirectoryEnvironmentAndGroups(string level)
    {
        using Bundle bundle = Sleeping(level);

        CommandResult result = bundle.Caisson(
            "exec", "--user", "1000:1001", "-g", "5", "-g", "6", "--cwd", "/tmp", "-e", "A=b", "--env", "C=d", bundle.Id,
            "sh", "-c", "echo $(id -u) $(id -g) $(grep Groups /proc/self/status) $(pwd) $A $C");

        Assert.Equal("1000 1001 Groups: 5 6 /tmp b d", Succeeded(result));
    }

    [Fact]
    public void Exec_HasTheContainersCapabilities_AndAddsGivenOnes()
    {
        using Bundle bundle = NewBundle("plain", config =>
        {
            config.Args("sleep", "1000");
            config.Capabilities("CAP_CHOWN");
        }).Launch();

        Assert.Equal("0000000000000001", bundle.Shell("awk '/^CapEff/ {print $2}' /proc/self/status"));
        Assert.Equal("0000000000000021", Succeeded(bundle.Caisson(
            "exec", "--cap", "CAP_KILL", bundle.Id, "awk", "/^CapEff/ {print $2}", "/proc/self/status")));
    }

    [Fact]
    public void ExecInASystemContainer_HasAllCapabilities_AndAnotherUserNone()
    {
        using Bundle bundle = Sleeping("system");
        string[] show = ["awk", "/^CapEff/ {print $2}", "/proc/self/status"];

        Assert.Equal("000001ffffffffff", Succeeded(bundle.Exec(show)));
        Assert.Equal("0000000000000000", Succeeded(bundle.Caisson(["exec", "-u", "1000", bundle.Id, .. show])));
    }

    [Theory, ForEachLevel]
    public void Exec_TakesAProcessFromAFile(string level)
    {
        using Bundle bundle = Sleeping(level);
        string file = $"{bundle.Directory}/process.json";
        File.WriteAllText(file, """{"args":["sh","-c","echo $A $(pwd) $(id -u) $(umask)"],"cwd":"/tmp","env":["A=1","PATH=/bin:/usr/bin"],"user":{"uid":7,"gid":8,"umask":63}}""");

        Assert.Equal("1 /tmp 7 0077", Succeeded(bundle.Caisson("exec", "--process", file, bundle.Id)));
        File.WriteAllText(file, """{"args":[],"cwd":"tmp"}""");
        CommandResult result = bundle.Caisson("exec", "-p", file, bundle.Id);
        Failed(result, "/args", code: 255);
        Assert.Contains("/cwd", result.Errors);
    }

    [Theory, ForEachLevel]
    public void ADetachedExec_ReturnsWhenTheProcessRuns(string level)
    {
        using Bundle bundle = Sleeping(level);

        Succeeded(bundle.Caisson("exec", "--detach", "--pid-file", "exec.pid", bundle.Id, "sleep", "2000"));

        string pid = File.ReadAllText($"{bundle.Directory}/exec.pid");
        Assert.Equal("sleep\02000\0", File.ReadAllText($"/proc/{pid}/cmdline"));
        Assert.Equal(File.ReadAllText($"/proc/{bundle.Pid}/cgroup"), File.ReadAllText($"/proc/{pid}/cgroup"));
        // And it does not outlive the container.
        Succeeded(bundle.Kill("KILL"));
        Eventually(() => !File.Exists($"/proc/{pid}/cmdline") || File.ReadAllText($"/proc/{pid}/cmdline").Length == 0, "it ends");
    }

    [Theory, ForEachLevel]
    public void WhatCannotBeExecuted_IsNamed_AndTheContainerRunsOn(string level)
    {
        using Bundle bundle = Sleeping(level);

        Failed(bundle.Exec("nonsense"), "exec \"nonsense\": executable file not found in $PATH", code: 255);
        Failed(bundle.Exec("/nonsense"), "exec \"/nonsense\"", code: 255);
        Failed(bundle.Exec("/etc/passwd"), "exec \"/etc/passwd\"", code: 255);
        Failed(bundle.Caisson("exec", "--cwd", "/nonsense", bundle.Id, "true"), "\"/nonsense\"", code: 255);
        Failed(bundle.Exec(), "a command is missing", code: 255);
        Assert.Equal("sleep 1000", bundle.Shell("xargs -0 </proc/1/cmdline"));
    }

    [Theory, ForEachLevel]
    public void Exec_LeavesNoDescriptor_AndDefaultSignals(string level)
    {
        using Bundle bundle = Sleeping(level);

        Assert.Equal("0 1 2 3", Succeeded(Bash($"$CAISSON exec {bundle.Id} ls /proc/self/fd 3</etc/passwd 8</etc/passwd | xargs")));
        Assert.Equal("0 1 2 3 4", Succeeded(Bash($"$CAISSON exec --preserve-fds 1 {bundle.Id} ls /proc/self/fd 3</etc/passwd 8</etc/passwd | xargs")));
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000", Succeeded(bundle.Exec("grep", "-E", "Sig(Ign|Blk)", "/proc/self/status")));
    }

    [Theory, ForEachLevel]
    public void SignalsToAForegroundExec_GoToTheProcess(string level)
    {
        using Bundle bundle = Sleeping(level);
        Running exec = Host.Start(Scratch, CommandLine(level, "exec", bundle.Id, "sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.01; done"));
        Eventually(() => exec.Output.Contains("ready"), "the shell is ready");

        Command.Run("kill", ["-TERM", $"{exec.Pid}"]);

        Assert.Equal(9, exec.Wait().ExitCode);
    }

    [Theory, ForEachLevel]
    public void ExecIgnoringThePause_RunsOnceTheContainerIsResumed(string level)
    {
        using Bundle bundle = Sleeping(level);
        Succeeded(bundle.Caisson("pause", bundle.Id));
        Running exec = Host.Start(Scratch, CommandLine(level, "exec", "--ignore-paused", bundle.Id, "echo", "hello"));
        Thread.Sleep(200);
        Assert.Equal("", exec.Output);

        Succeeded(bundle.Caisson("resume", bundle.Id));

        Assert.Equal("hello", Succeeded(exec.Wait()));
    }

    static string Namespaces(object process) => $"for n in /proc/{process}/ns/*; do readlink $n; done";

    Bundle Sleeping(string level) => NewBundle(level, config => config.Args("sleep", "1000")).Launch();
}
