using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>
/// Images that carry inner images: built with Caisson as the default runtime and committed, running and stopped. What the inner
/// image holds is of every kind that a copy or an archive may lose.
/// </summary>
public abstract class PreloadedTests(DockerEngine engine) : EngineTests(engine)
{
    protected const int MegaBytes = 40;

    /// <summary>Deleted and replaced in the second layer: a file (a whiteout) and a directory (an opaque one).</summary>
    const string InnerFile = """
        FROM base
        RUN rm /gone && rm -r /d && mkdir /d && echo new >/d/new
        """;

    const string StopDocker = "kill $(cat /var/run/docker.pid); while kill -0 $(cat /var/run/docker.pid 2>/dev/null) 2>/dev/null; do sleep 0.1; done";

    [Fact]
    public void ACommit_HasTheInnerImages_OfARunningAndOfAStoppedContainer()
    {
        BuildPreloaded("to-commit", "/var/lib/docker");
        using (Outer outer = new Outer(Engine, "committed").Start("to-commit").ImportBusybox())
        {
            outer.Inside("docker run -d --name inner bb");
            Engine.Run("commit", "committed", "while-running");
            // Nothing has changed for it.
            AssertWhole(outer);
            Assert.Equal("inner", outer.Inside("docker ps --format '{{.Names}}'"));

            // The engine's own files go, and what the image shared with it.
            outer.Inside("docker rm -f inner && docker rmi -f app base && docker tag bb cc");
            Assert.Equal("0", outer.Inside("grep -c 'diff.* ro,' /proc/self/mountinfo || true"));
            Engine.Run("stop", "-t", "20", "committed");
            Engine.Run("commit", "committed", "while-stopped");
            Engine.Run("start", "committed");
            outer.AwaitDocker();
            Assert.Equal("bb cc", outer.Inside("docker images --format '{{.Repository}}' | sort | xargs"));
        }

        using (Outer outer = new Outer(Engine, "from-running").Start("while-running"))
        {
            Assert.Equal("app base bb", outer.Inside("docker images --format '{{.Repository}}' | sort | xargs"));
            AssertWhole(outer);
            Assert.Equal("bb", outer.Inside("docker run --rm bb echo bb"));
            Assert.Equal("inner", outer.Inside("docker ps -a --format '{{.Names}}'"));
        }

        using (Outer outer = new Outer(Engine, "from-stopped").Start("while-stopped"))
        {
            Assert.Equal("bb cc", outer.Inside("docker images --format '{{.Repository}}' | sort | xargs"));
            Assert.Equal("bb", outer.Inside("docker run --rm cc echo bb"));
        }

        Engine.Run("rmi", "-f", "while-running", "while-stopped", "to-commit");
    }

    private protected static void AssertWhole(Outer outer)
    {
        Assert.Equal("new", outer.Inside("docker run --rm --network none app sh -c 'ls /d; test ! -e /gone'"));
        Assert.Equal("2 2", outer.Inside("docker run --rm --network none app stat -c %h /one /two | xargs"));
        Assert.Equal("7:7", outer.Inside("docker run --rm --network none -u 1000 app sh -c 'touch /tmp/f && /cap/chown 7:7 /tmp/f && stat -c %u:%g /tmp/f'"));
        Assert.Equal($"{MegaBytes}M", outer.Inside("docker run --rm --network none app du -m /big | sed 's/\t.*/M/'"));
        // As an archive, from the layers themselves.
        Assert.Equal("1", outer.Inside("docker save -o /tmp/app.tar app && tar -tf /tmp/app.tar | grep -c '^manifest.json$'"));
    }

    protected void BuildPreloaded(string name, string dataRoot)
    {
        string context = Directory.CreateDirectory($"{Engine.Scratch}/{name}").FullName;
        File.WriteAllText($"{context}/Inner", InnerFile);
        CommandResult made = Host.Run(
            Engine.Scratch,
            ["sh", "-euc", $"""
                mkdir root; cp "$(command -v busybox)" root/busybox; cd root; mkdir bin d tmp; chmod 1777 tmp; mv busybox bin; for a in sh ls rm mkdir stat touch du sleep echo; do ln -s busybox bin/$a; done
                mkdir cap; cp bin/busybox cap/chown; setcap cap_chown+ep cap/chown; echo old >d/old; echo gone >gone; echo x >one; ln one two
                head -c {MegaBytes}M /dev/urandom >big; mknod null c 1 3
                tar --numeric-owner --xattrs --xattrs-include=security.capability -cf {context}/base.tar .; cd ..; rm -r root
                """]);
        Assert.True(made.ExitCode == 0, made.Errors);
        File.WriteAllText(
            $"{context}/Dockerfile",
            $$"""
            FROM dind
            COPY Inner base.tar /inner/
            RUN mkdir -p /etc/docker && echo '{"data-root":"{{dataRoot}}"}' >/etc/docker/daemon.json
            RUN start-docker sh -c 'docker import /inner/base.tar base && DOCKER_BUILDKIT=0 docker build --network none -t app -f /inner/Inner /inner && {{StopDocker}}'
            RUN rm -r /inner
            """);
        Engine.UseByDefault("caisson");
        try
        {
            CommandResult result = Engine.With("DOCKER_BUILDKIT", "0", ["build", "-t", name, context]);
            Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        }
        finally
        {
            Engine.UseByDefault("runc");
        }
    }
}

[Collection(typeof(OnBookworm))]
public sealed class PreloadedOnBookwormTests(BookwormEngine engine) : PreloadedTests(engine)
{
    [Theory]
    [InlineData("/var/lib/docker")]
    [InlineData("/data/docker")]
    public void AnInnerImage_IsWhole_InContainersThatShareIt(string dataRoot)
    {
        string name = dataRoot.Split('/')[1];
        BuildPreloaded($"preloaded-{name}", dataRoot);
        List<Outer> outers = [];
        try
        {
            for (int i = 0; i < 3; i++)
            {
                outers.Add(new Outer(Engine, $"shares-{name}-{i}").Start($"preloaded-{name}"));
            }

            string[] storage = [.. outers.Select(outer => $"/var/lib/caisson/docker/{outer.Id}")];
            int kilobytes = int.Parse(Host.Run(Engine.Scratch, ["sh", "-c", $"du -sc {string.Join(' ', storage)} | tail -n 1 | cut -f 1"]).Output);
            Assert.True(kilobytes < MegaBytes * 1024, $"{kilobytes} KiB for three containers");
            foreach (Outer outer in outers)
            {
                AssertWhole(outer);
            }

            AssertProtected(outers[0], dataRoot);
        }
        finally
        {
            outers.ForEach(outer => outer.Dispose());
        }

        Engine.Run("rmi", "-f", $"preloaded-{name}");
    }

    // The outer image's layers are not the container's to write.
    static void AssertProtected(Outer outer, string dataRoot)
    {
        string place = outer.Inside($"awk '$5 ~ \"^{dataRoot}/overlay2/.*/diff$\" {{ print $5; exit }}' /proc/self/mountinfo");
        Assert.StartsWith($"{dataRoot}/overlay2/", place, StringComparison.Ordinal);
        Assert.Equal("no no", outer.Inside($"touch {place}/f 2>/dev/null || echo no; mount -o remount,bind,rw {place} 2>/dev/null || echo no").ReplaceLineEndings(" "));
        outer.Inside("docker rmi -f app base");
        Assert.Equal("", outer.Inside($"grep {place} /proc/self/mountinfo; ls -d {place} 2>/dev/null || true"));
    }
}

[Collection(typeof(OnSid))]
public sealed class PreloadedOnSidTests(SidEngine engine) : PreloadedTests(engine);
