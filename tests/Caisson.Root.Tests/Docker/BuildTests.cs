namespace Caisson.Root.Tests.Docker;

/// <summary>Images built by the engine outside and by the one inside, the old way and by BuildKit. There is no registry.</summary>
public abstract class BuildTests(DockerEngine engine) : EngineTests(engine)
{
    const string File = """
        FROM bb AS made
        WORKDIR /made
        RUN echo built >file && chown 7:8 file && test "$(id -u)" = 0
        FROM scratch
        COPY --from=bb / /
        COPY --from=made /made /made
        COPY given /given
        CMD ["cat", "/made/file", "/given"]
        """;

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public void AnInnerDocker_Builds(string buildKit)
    {
        using Outer outer = new Outer(Engine, "builder").Start("dind", "-v", $"{Engine.Plugins}:/usr/local/lib/docker/cli-plugins:ro").ImportBusybox();
        System.IO.File.WriteAllText($"{Engine.Scratch}/Dockerfile", File);
        outer.Inside("mkdir /context && echo given >/context/given");
        Engine.Run("cp", $"{Engine.Scratch}/Dockerfile", "builder:/context/Dockerfile");

        outer.Inside($"DOCKER_BUILDKIT={buildKit} docker build -t built /context");

        Assert.Equal("built\ngiven", outer.Inside("docker run --rm built"));
        Assert.Equal("7:8", outer.Inside("docker run --rm built stat -c %u:%g /made/file"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    public void TheOuterDocker_Builds_WhatASystemContainerThenRuns(string buildKit)
    {
        string context = Directory.CreateDirectory($"{Engine.Scratch}/context-{buildKit}").FullName;
        System.IO.File.WriteAllText($"{context}/Dockerfile", File.Replace("bb", "busybox"));
        System.IO.File.WriteAllText($"{context}/given", "given\n");
        Engine.UseByDefault("caisson");
        try
        {
            Build(buildKit, "-t", "built", context);
            Assert.Equal("built\ngiven", Engine.Run("run", "--rm", "built"));
            Assert.Equal("7:8", Engine.Run("run", "--rm", "--runtime=runc", "built", "stat", "-c", "%u:%g", "/made/file"));
        }
        finally
        {
            Engine.UseByDefault("runc");
        }

        Engine.Run("rmi", "-f", "built");
    }

    [Fact]
    public void ABuildWithCaissonAsTheDefault_CanFillTheInnerEnginesStore()
    {
        string context = Directory.CreateDirectory($"{Engine.Scratch}/preload").FullName;
        System.IO.File.WriteAllText(
            $"{context}/Dockerfile",
            """
            FROM dind
            RUN start-docker sh -c 'docker import /usr/share/caisson/busybox.tar preloaded && kill $(cat /var/run/docker.pid) && while kill -0 $(cat /var/run/docker.pid); do sleep 0.1; done' 2>/dev/null
            """);
        Engine.UseByDefault("caisson");
        try
        {
            // The old builder runs each step with the default runtime; BuildKit always takes runc.
            Build("0", "-t", "preloaded", context);
        }
        finally
        {
            Engine.UseByDefault("runc");
        }

        using (Outer outer = new Outer(Engine, "preloaded").Start("preloaded"))
        {
            Assert.Equal("from the image", outer.Inside("docker run --rm preloaded echo from the image"));
        }

        Engine.Run("rmi", "-f", "preloaded");
    }

    void Build(string buildKit, params string[] arguments)
    {
        CommandResult result = Engine.With("DOCKER_BUILDKIT", buildKit, ["build", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }
}

[Collection(typeof(OnBookworm))]
public sealed class BuildOfBookwormTests(BookwormEngine engine) : BuildTests(engine);

[Collection(typeof(OnSid))]
public sealed class BuildOfSidTests(SidEngine engine) : BuildTests(engine);
