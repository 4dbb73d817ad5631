namespace Caisson.Root.Tests.Docker;

/// <summary>An engine of its own, as it is killed.</summary>
public sealed class CrashedEngine() : DockerEngine("bookworm");

/// <summary>The machine stops, while inner containers run and while a commit has the container paused, and starts again.</summary>
public sealed class CrashTests(CrashedEngine engine) : EngineTests(engine), IClassFixture<CrashedEngine>
{
    [Fact]
    public void Containers_StartAgainWithTheirData()
    {
        using Outer outer = new Outer(Engine, "crashed").Start("dind").ImportBusybox();
        using Outer paused = new Outer(Engine, "paused").Start("dind").ImportBusybox();
        outer.Inside("docker run -d --name inner --restart always bb sh -c 'echo written >/file; exec sleep 1000'; echo outer >/root/file; sync");
        Engine.Run("pause", "paused");

        Engine.Crash(outer.Id, paused.Id);

        foreach (Outer each in (Outer[])[outer, paused])
        {
            Engine.Run("start", each.Name);
            each.AwaitDocker();
            Assert.Equal("bb", each.Inside("docker images --format '{{.Repository}}'"));
            Assert.Equal("fine", each.Inside("docker run --rm bb echo fine"));
        }

        Assert.Equal("outer", outer.Inside("cat /root/file"));
        Assert.Equal("written", outer.Inside("docker start inner >/dev/null; docker exec inner cat /file"));
    }
}
