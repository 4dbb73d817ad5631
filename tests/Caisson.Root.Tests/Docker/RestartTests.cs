namespace Caisson.Root.Tests.Docker;

/// <summary>Policies and verbs by which containers end and come back.</summary>
public abstract class RestartTests(DockerEngine engine) : EngineTests(engine)
{
    [Fact]
    public void OnFailure_IsTriedAsOftenAsAskedFor()
    {
        using Outer failing = new Outer(Engine, "failing").Start("busybox", ["sh", "-c", "echo x >>/tries; exit 3"], ["--restart", "on-failure:2"]);
        Eventually(() => (string?)failing.Status["Status"] == "exited" && (int)Engine.Inspect("failing")["RestartCount"]! == 2, "two restarts");
        Assert.Equal(3, (int)failing.Status["ExitCode"]!);
        Engine.Run("cp", "failing:/tries", $"{Engine.Scratch}/tries");
        Assert.Equal("x\nx\nx\n", File.ReadAllText($"{Engine.Scratch}/tries"));

        using Outer fine = new Outer(Engine, "fine").Start("busybox", ["true"], ["--restart", "on-failure:2"]);
        Assert.Equal("0", Engine.Run("wait", "fine"));
        Assert.Equal((0, "exited"), ((int)Engine.Inspect("fine")["RestartCount"]!, (string?)fine.Status["Status"]));
    }

    [Fact]
    public void Always_BringsAKilledContainerBack_AndWhatRunsInIt()
    {
        using Outer outer = new Outer(Engine, "always").Start("dind", "--restart", "always").ImportBusybox();
        outer.Inside("docker run -d --restart=always --name inner bb && echo 1 >/root/kept");
        int first = outer.FirstPid;
        string map = outer.Inside("cat /proc/self/uid_map");
        Assert.Equal(0, Command.Run("kill", ["-KILL", $"{first}"]).ExitCode);

        Eventually(() => (bool)outer.Status["Running"]! && outer.FirstPid != first && outer.FirstPid != 0, "it runs again");
        outer.AwaitDocker();
        Assert.Equal(1, (int)Engine.Inspect("always")["RestartCount"]!);
        Assert.Equal("1", outer.Inside("cat /root/kept"));
        Assert.Matches("^0 +[1-9][0-9]+ +65536$", outer.Inside("cat /proc/self/uid_map"));
        Assert.Matches("^0 +[1-9][0-9]+ +65536$", map);
        Eventually(() => outer.Inside("docker inspect -f '{{.State.Running}}' inner") == "true", "the inner container runs again");

        // Inside, the same policy.
        string inner = outer.Inside("docker inspect -f '{{.State.Pid}}' inner");
        outer.Inside($"kill -9 {inner}");
        Eventually(
            () => outer.Inside("docker inspect -f '{{.State.Running}} {{.RestartCount}}' inner") == "true 1"
                && outer.Inside("docker inspect -f '{{.State.Pid}}' inner") != inner,
            "the killed inner container runs again");

        // Stopping by hand is no failure.
        Engine.Run("stop", "-t", "1", "always");
        Assert.Equal("exited", (string?)outer.Status["Status"]);
    }

    [Fact]
    public void StopAndStart_KeepTheContainersFilesAndTheInnerEngines()
    {
        using Outer outer = new Outer(Engine, "stopped").Start("dind").ImportBusybox();
        outer.Inside("docker run --name made bb sh -c 'echo content >/file'; docker volume create vol; docker run --rm -v vol:/v bb sh -c 'echo volume >/v/f'");
        Engine.Run("stop", "-t", "5", "stopped");
        // `rm` of a stopped one, `cp` out of a stopped one: the storage is in the layer.
        Engine.Run("cp", "stopped:/var/lib/docker/volumes/vol/_data/f", $"{Engine.Scratch}/volume");
        Assert.Equal("volume\n", File.ReadAllText($"{Engine.Scratch}/volume"));

        Engine.Run("start", "stopped");
        outer.AwaitDocker();
        Assert.Equal("content", outer.Inside("docker start made >/dev/null; docker cp made:/file - | tar -xO"));
        Assert.Equal("volume", outer.Inside("docker run --rm -v vol:/v bb cat /v/f"));
    }

    [Fact]
    public void SignalsArrive_AndTheGraceOfStopIsKept()
    {
        const string handler = "trap 'echo got-term; exit 5' TERM; trap 'echo got-usr1' USR1; echo ready; while :; do sleep 0.1; done";
        using Outer outer = new Outer(Engine, "signals").Start("busybox", ["sh", "-c", handler], []);
        Eventually(() => Engine.Run("logs", "signals") == "ready", "it is ready");
        Engine.Run("kill", "-s", "USR1", "signals");
        Eventually(() => Engine.Run("logs", "signals") == "ready\ngot-usr1", "the signal arrives");
        Engine.Run("stop", "-t", "20", "signals");
        Assert.Equal("ready\ngot-usr1\ngot-term", Engine.Run("logs", "signals"));
        Assert.Equal(5, (int)outer.Status["ExitCode"]!);

        Engine.Run("start", "signals");
        Engine.Run("kill", "signals");
        Assert.Equal("137", Engine.Run("wait", "signals"));
    }

    [Fact]
    public void APausedContainer_StandsStill_AndCanBeRemoved()
    {
        using Outer outer = new Outer(Engine, "paused").Start("busybox", ["sh", "-c", "while :; do echo x >>/steps; sleep 0.02; done"], []);
        Eventually(() => Steps() > 2, "it steps");
        Engine.Run("pause", "paused");
        Assert.Equal("paused", (string?)outer.Status["Status"]);
        int steps = Steps();
        Thread.Sleep(300);
        Assert.Equal(steps, Steps());
        Engine.Run("unpause", "paused");
        Eventually(() => Steps() > steps, "it steps again");
        Engine.Run("pause", "paused");
        // Outer removes it as it is.

        int Steps()
        {
            Engine.Run("cp", "paused:/steps", $"{Engine.Scratch}/copied-steps");
            return File.ReadAllLines($"{Engine.Scratch}/copied-steps").Length;
        }
    }
}

[Collection(typeof(OnBookworm))]
public sealed class RestartOfBookwormTests(BookwormEngine engine) : RestartTests(engine);

[Collection(typeof(OnSid))]
public sealed class RestartOfSidTests(SidEngine engine) : RestartTests(engine);
