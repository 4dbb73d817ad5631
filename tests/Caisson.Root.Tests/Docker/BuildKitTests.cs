using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>
/// BuildKit with Caisson as the program that runs its steps, and with Caisson's containers around it. Debian has no buildkitd:
/// the one inside dockerd looks for "runc" among its programs, as `buildkitd --oci-worker-binary` names it.
/// </summary>
[Collection(typeof(OnSid))]
public sealed class BuildKitTests(SidEngine engine) : EngineTests(engine)
{
    const string Steps = """
        FROM busybox AS made
        RUN test "$(id -u)" = 0 && mkdir /made && cat /proc/self/uid_map >/made/map
        RUN --mount=type=cache,target=/cache echo cached >/cache/file && chown 7:8 /cache/file && cp -p /cache/file /made
        RUN --mount=type=cache,target=/cache test "$(stat -c %u:%g /cache/file)" = 7:8
        RUN --mount=type=tmpfs,target=/t mount | grep -q 'tmpfs on /t '
        RUN --mount=type=secret,id=word test "$(cat /run/secrets/word)" = hush
        RUN --network=none test "$(ls /sys/class/net)" = lo
        RUN ip -4 -o address show dev eth0 | grep -q 10.213.0
        RUN --mount=type=bind,from=busybox,target=/other test -x /other/bin/busybox && ! touch /other/x 2>/dev/null
        USER 5:6
        RUN test "$(id -u):$(id -g)" = 5:6
        FROM scratch
        COPY --from=busybox / /
        COPY --from=made /made /made
        """;

    [Theory, ForEachLevel]
    public void StepsOfABuild_RunInCaisson(string level)
    {
        string context = Context("steps", Steps);
        File.WriteAllText($"{context}/word", "hush");
        using (Runc(level))
        {
            Build("--no-cache", "--secret", $"id=word,src={context}/word", "-t", "built", context);
            Assert.Matches(level == "system" ? "^0 +[1-9][0-9]+ 65536 7:8$" : "^0 +0 4294967295 7:8$", Engine.Run(
                "run", "--rm", "built", "sh", "-c", "echo $(cat /made/map) $(stat -c %u:%g /made/file)"));

            string failing = Context("failing", "FROM busybox\nRUN exit 5\n");
            Assert.Contains("did not complete successfully: exit code: 5", Engine.Try("buildx", "build", failing).Errors, StringComparison.Ordinal);
        }

        Engine.Run("rmi", "-f", "built");
        Assert.Empty(Engine.Inside("find", "/run/caisson/ids", "/run/runc", "-mindepth", "1").Output);
    }

    [Fact]
    public void AStep_RunsDocker_WhoseImagesAreThereInTheNextOne()
    {
        const string Stop = "kill $(cat /var/run/docker.pid) && while kill -0 $(cat /var/run/docker.pid); do sleep 0.1; done";
        string context = Context("docker", $"""
            FROM dind
            RUN start-docker sh -c 'docker import /usr/share/caisson/busybox.tar first && docker run --rm first echo in a step && {Stop}' 2>/dev/null
            RUN start-docker sh -c 'docker tag first second && {Stop}' 2>/dev/null
            """);
        using (Runc("system"))
        {
            Build("--no-cache", "-t", "filled", context);
        }

        using (Outer outer = new Outer(Engine, "filled").Start("filled"))
        {
            Assert.Equal("from the image", outer.Inside("docker run --rm second echo from the image"));
        }

        Engine.Run("rmi", "-f", "filled");
    }

    [Fact]
    public void BuildxsContainer_IsASystemContainer()
    {
        MakeBuilderImage();
        Engine.UseByDefault("caisson");
        try
        {
            Engine.Run("buildx", "create", "--name", "made", "--driver", "docker-container", "--driver-opt", $"image={Builder}", "--bootstrap");
            Assert.Equal("caisson", (string)Engine.Inspect("buildx_buildkit_made0")["HostConfig"]!["Runtime"]!);
            string context = FromNothing();

            Build("--builder", "made", "--output", $"type=local,dest={context}/out", context);

            Assert.Equal("0\n", File.ReadAllText($"{context}/out/owner"));
        }
        finally
        {
            Engine.Try("buildx", "rm", "made");
            Engine.UseByDefault("runc");
        }
    }

    [Fact]
    public void BuildxsContainer_RunsInASystemContainer()
    {
        MakeBuilderImage();
        string context = FromNothing();
        using Outer outer = new Outer(Engine, "around").Start(
            Builder, ["sleep", "1000"],
            ["--entrypoint", "start-docker", "-v", $"{Engine.Plugins}:/usr/local/lib/docker/cli-plugins:ro", "-v", $"{context}:/context:ro"]);
        outer.Inside($"tar --one-file-system -c -C / usr bin sbin lib lib64 etc | docker import -c 'ENTRYPOINT [\"buildkitd\"]' - {Builder}");
        outer.Inside($"docker buildx create --name made --driver docker-container --driver-opt image={Builder} --bootstrap");

        outer.Inside("docker buildx build --builder made --output type=local,dest=/out /context");

        Assert.Equal("0", outer.Inside("cat /out/owner"));
        outer.Inside("docker buildx rm made");
    }

    // Where nobody answers, so that the driver takes the image that is there.
    const string Builder = "127.0.0.1:1/builder";

    void MakeBuilderImage()
    {
        string context = Context("builder", "FROM dind\nCOPY buildkitd buildctl /usr/local/bin/\nENTRYPOINT [\"buildkitd\"]\nCMD []\n");
        foreach (string name in (string[])["buildkitd", "buildctl"])
        {
            File.Copy(SourceTree.PathOf($"tests/environment/buildkit/{name}"), $"{context}/{name}", overwrite: true);
        }

        Build("-t", Builder, context);
    }

    // A build that needs no image.
    string FromNothing()
    {
        string context = Context("nothing", "FROM scratch\nADD busybox.tar /\nRUN --mount=type=cache,target=/cache stat -c %u /cache >/owner\n");
        File.Copy(Command.Run(SourceTree.PathOf("tests/environment/image-busybox"), []).Output.Trim(), $"{context}/busybox.tar", overwrite: true);
        return context;
    }

    string Context(string name, string file)
    {
        string context = Directory.CreateDirectory($"{Engine.Scratch}/{name}").FullName;
        File.WriteAllText($"{context}/Dockerfile", file);
        return context;
    }

    void Build(params string[] arguments)
    {
        CommandResult result = Engine.Try(["buildx", "build", "--progress", "plain", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }

    // Before the engine's own in its path, until it is disposed.
    Rest Runc(string level)
    {
        const string Path = "/usr/local/sbin/runc";
        string program = level == "system" ? Host.Caisson : $"{Host.Caisson}-plain";
        Assert.Equal(0, Engine.Inside("sh", "-c", $"printf '#!/bin/sh\\nexec {program} \"$@\"\\n' >{Path} && chmod 755 {Path}").ExitCode);
        return new Rest(() => Engine.Inside("rm", Path));
    }

    sealed class Rest(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
