namespace Caisson.Root.Tests.Docker;

/// <summary>An inner Docker that keeps its images in containerd's stores, in an outer one that does so or does not.</summary>
public abstract class ContainerdStoreTests(DockerEngine engine) : EngineTests(engine)
{
    [Fact]
    public void AnInnerDockerWithContainerdsStore_Works_AndKeepsItsImages()
    {
        string configuration = $"{Engine.Scratch}/inner.json";
        File.WriteAllText(configuration, """{"features": {"containerd-snapshotter": true}}""");
        using Outer outer = new Outer(Engine, "store").Start(Engine.DockerOf("sid"), "-v", $"{configuration}:/etc/docker/daemon.json:ro").ImportBusybox();
        Assert.Equal("overlayfs", outer.Inside("docker info -f '{{.Driver}}'"));
        Assert.Equal("works", outer.Inside("docker run --rm bb echo works"));
        outer.Inside("docker run --name made bb sh -c 'echo content >/file' && docker commit made made");
        Engine.Run("stop", "-t", "5", "store");
        Engine.Run("start", "store");
        outer.AwaitDocker();
        Assert.Equal("content", outer.Inside("docker run --rm made cat /file"));
    }
}

[Collection(typeof(OnSid))]
public sealed class ContainerdStoreInSidTests(SidEngine engine) : ContainerdStoreTests(engine);

[Collection(typeof(OnContainerdStore))]
public sealed class ContainerdStoreInItselfTests(ContainerdStoreEngine engine) : ContainerdStoreTests(engine);
