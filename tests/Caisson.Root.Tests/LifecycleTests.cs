using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>The commands of a container's life and what each refuses, with runc's exit codes.</summary>
public sealed class LifecycleTests : RootTest
{
    [Theory, ForEachLevel]
    public void AContainer_IsCreatedStartedKilledAndDeleted(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000"));

        Succeeded(bundle.Create());
        Assert.Equal("created", bundle.Status);
        Assert.True(bundle.Pid > 0);
        Succeeded(bundle.Start());
        Assert.Equal("running", bundle.Status);
        Succeeded(bundle.Kill("KILL"));
        bundle.WaitFor("stopped");
        Assert.Equal(0, bundle.Pid);
        Succeeded(bundle.Delete());

        Failed(bundle.Caisson("state", bundle.Id), "does not exist");
    }

    [Theory, ForEachLevel]
    public void ACreatedContainer_CanBeEnteredAndDeleted(string level)
    {
        using Bundle bundle = NewBundle(level);
        Succeeded(bundle.Create());

        Assert.Equal("hello", bundle.Shell("echo hello"));
        Succeeded(bundle.Delete());

        Failed(bundle.Delete(), "does not exist");
        Succeeded(bundle.Delete("--force"));
    }

    [Theory, ForEachLevel]
    public void ARunningContainer_IsNotDeletedWithoutForce(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();

        Failed(bundle.Delete(), "not stopped: it is running");

        Assert.Equal("running", bundle.Status);
        Succeeded(bundle.Delete("--force"));
    }

    [Fact]
    public void AnId_IsGivenOnce_AndAContainerIsStartedOnce()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("sleep", "1000"));
        Succeeded(bundle.Create());
        int pid = bundle.Pid;

        Failed(bundle.Create(), "exists already");
        Failed(bundle.Run(), "exists already");
        Assert.Equal(pid, bundle.Pid);
        Succeeded(bundle.Start());
        Failed(bundle.Start(), "it is running");
        Succeeded(bundle.Kill("KILL"));
        bundle.WaitFor("stopped");
        Failed(bundle.Start(), "its process has ended");
    }

    [Theory, ForEachLevel]
    public void AStoppedContainer_RefusesWhatNeedsAProcess(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("true")).Launch();
        bundle.WaitFor("stopped");

        Failed(bundle.Kill("TERM"), "container not running");
        Failed(bundle.Exec("true"), "cannot exec in a stopped container", code: 255);
        Failed(bundle.Caisson("pause", bundle.Id), "is stopped");
        Failed(bundle.Caisson("resume", bundle.Id), "is stopped");
        Failed(bundle.Caisson("update", "--pids-limit", "7", bundle.Id), "is stopped");
        Failed(bundle.Caisson("events", "--stats", bundle.Id), "is not running");
        Succeeded(bundle.Caisson("kill", "--all", bundle.Id, "KILL"));
    }

    [Theory, ForEachLevel]
    public void APausedContainer_StandsStill_UntilItIsResumed(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
            config.Shell("mkdir -p /t; i=0; while :; do echo $i >/t/new; mv /t/new /t/n; i=$((i+1)); sleep 0.01; done")).Launch();
        string counter = $"{bundle.Rootfs}/t/n";
        Eventually(() => File.Exists(counter), "the container counts");

        Succeeded(bundle.Caisson("pause", bundle.Id));
        string before = File.ReadAllText(counter);
        Thread.Sleep(100);

        Assert.Equal(before, File.ReadAllText(counter));
        Assert.Equal("paused", bundle.Status);
        Failed(bundle.Caisson("pause", bundle.Id), "is paused");
        Failed(bundle.Exec("true"), "cannot exec in a paused container", code: 255);
        Succeeded(bundle.Caisson("resume", bundle.Id));
        Failed(bundle.Caisson("resume", bundle.Id), "is running");
        Eventually(() => File.ReadAllText(counter) != before, "the container counts again");
    }

    [Theory, ForEachLevel]
    public void APausedContainer_CanBeKilledAndDeleted(string level)
    {
        using Bundle killed = NewBundle(level, config => config.Args("sleep", "1000")).Launch();
        Succeeded(killed.Caisson("pause", killed.Id));
        Succeeded(killed.Kill("KILL"));
        killed.WaitFor("stopped");
        Succeeded(killed.Delete());

        using Bundle deleted = NewBundle(level, config => config.Args("sleep", "1000")).Launch();
        Succeeded(deleted.Caisson("pause", deleted.Id));
        Succeeded(deleted.Delete("--force"));
    }

    [Theory, ForEachLevel]
    public void Kill_SendsTheSignalByNameOrNumber(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
            config.Shell("trap 'echo USR1' USR1; trap 'echo HUP' HUP; trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done"));
        Running run = bundle.StartRun();
        Eventually(() => run.Output.Contains("ready"), "the shell is ready");

        foreach ((string signal, string told) in (Span<(string, string)>)[("SIGUSR1", "USR1"), ("1", "HUP")])
        {
            Succeeded(bundle.Kill(signal));
            Eventually(() => run.Output.Contains(told), $"{told} arrives");
        }

        Failed(bundle.Kill("NONSENSE"), "is no signal");
        Succeeded(bundle.Caisson("kill", bundle.Id));

        Assert.Equal(5, run.Wait().ExitCode);
    }

    [Theory, ForEachLevel]
    public void KillAll_ReachesEveryProcess(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();
        Succeeded(bundle.Caisson("exec", "-d", bundle.Id, "sleep", "2000"));
        Eventually(() => Pids(bundle).Length == 2, "both processes run");

        Succeeded(bundle.Caisson("kill", "--all", bundle.Id, "KILL"));

        bundle.WaitFor("stopped");
        Eventually(() => Pids(bundle).Length == 0, "no process is left");
    }

    [Theory, ForEachLevel]
    public void Ps_ShowsTheContainersProcessesOnly(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();

        string[] lines = Succeeded(bundle.Caisson("ps", bundle.Id)).Split('\n');

        Assert.Equal("UID PID PPID C STIME TTY TIME CMD", string.Join(' ', lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.EndsWith("sleep 1000", Assert.Single(lines[1..]));
        Assert.Equal([bundle.Pid], Pids(bundle));
        Assert.Equal("PID CMD", string.Join(' ', Succeeded(bundle.Caisson("ps", bundle.Id, "-eo", "pid,cmd")).Split('\n')[0]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Failed(bundle.Caisson("ps", "--format", "xml", bundle.Id), "table or json");
    }

    [Theory, ForEachLevel]
    public void Update_ChangesOnlyWhatIsGiven(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Args("sleep", "1000");
            config.Linux()["resources"] = Config.Json(new { pids = new { limit = 50 }, memory = new { limit = 64 << 20 } });
        }).Launch();
        Assert.Equal(("50", $"{64 << 20}"), Limits(bundle));

        Succeeded(bundle.Caisson("update", "--pids-limit", "40", bundle.Id));
        Assert.Equal(("40", $"{64 << 20}"), Limits(bundle));
        File.WriteAllText($"{bundle.Directory}/r.json", """{"memory":{"limit":33554432}}""");
        Succeeded(bundle.Caisson("update", "-r", $"{bundle.Directory}/r.json", bundle.Id));
        Assert.Equal(("40", $"{32 << 20}"), Limits(bundle));

        Failed(bundle.Caisson("update", "--memory", "1x", bundle.Id), "is not a size");
        File.WriteAllText($"{bundle.Directory}/r.json", """{"memory":{"limit":"much"}}""");
        Failed(bundle.Caisson("update", "-r", $"{bundle.Directory}/r.json", bundle.Id), "/memory/limit");
    }

    [Theory, ForEachLevel]
    public void Events_TellOfLackOfMemory_AndEndWithTheContainer(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("while [ ! -e /go ]; do sleep 0.01; done; head -c 50000000 /dev/zero | tail");
            config.Linux()["resources"]!["memory"] = Config.Json(new { limit = 8 << 20, swap = 8 << 20 });
        }).Launch();
        string[] command = [Host.Caisson, "--root", States, "events", "--interval", "100ms", bundle.Id];
        Running events = Host.Start(Scratch, command);
        Eventually(() => events.Output.Contains("\"stats\""), "statistics are printed");
        File.WriteAllText($"{bundle.Rootfs}/go", "");

        Eventually(() => events.Output.Contains("\"oom\""), "the lack of memory is told");
        bundle.WaitFor("stopped");
        Succeeded(bundle.Delete());

        Assert.Equal(0, events.Wait().ExitCode);
        Assert.All(events.Output.Trim().Split('\n'), line => Assert.Equal(bundle.Id, (string?)JsonNode.Parse(line)!["id"]));
    }

    [Fact]
    public void Run_DeletesTheContainer_UnlessItIsKept()
    {
        using Bundle bundle = NewBundle("plain", config => config.Args("true"));
        Succeeded(bundle.Run());
        Failed(bundle.Caisson("state", bundle.Id), "does not exist");

        Succeeded(bundle.Run("--keep"));
        Assert.Equal("stopped", bundle.Status);
    }

    [Theory, ForEachLevel]
    public void ABundleThatHasGone_DoesNotMatterAfterCreate(string level)
    {
        using Bundle bundle = NewBundle(level, config => config.Args("sleep", "1000")).Launch();
        File.Delete(bundle.ConfigPath);

        Assert.Equal("hello", bundle.Shell("echo hello"));
        Succeeded(bundle.Kill("KILL"));
        bundle.WaitFor("stopped");
        Succeeded(bundle.Delete());
    }

    int[] Pids(Bundle bundle) => [.. JsonNode.Parse(Succeeded(bundle.Caisson("ps", "-f", "json", bundle.Id)))!.AsArray().Select(pid => (int)pid!)];

    static (string Pids, string Memory) Limits(Bundle bundle)
    {
        string Read(string controller, string legacy, string unified)
        {
            string own = File.ReadLines($"/proc/{bundle.Pid}/cgroup").Select(line => line.Split(':', 3))
                .FirstOrDefault(fields => fields[1].Split(',').Contains(controller))?[2] ?? "";
            string root = own.Length > 0 ? $"/sys/fs/cgroup/{controller}{own}" : $"/sys/fs/cgroup{Unified(bundle)}";
            return File.ReadAllText($"{root}/{(own.Length > 0 ? legacy : unified)}").Trim();
        }

        return (Read("pids", "pids.max", "pids.max"), Read("memory", "memory.limit_in_bytes", "memory.max"));
    }

    static string Unified(Bundle bundle)
    {
        string own = File.ReadLines($"/proc/{bundle.Pid}/cgroup").First(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        return own.EndsWith("/init.scope", StringComparison.Ordinal) ? own[..^"/init.scope".Length] : own;
    }
}
