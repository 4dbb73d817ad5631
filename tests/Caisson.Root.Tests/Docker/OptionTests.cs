namespace Caisson.Root.Tests.Docker;

/// <summary>Options of <c>docker run</c> and <c>exec</c>, at both levels.</summary>
public abstract class OptionTests(DockerEngine engine) : EngineTests(engine)
{
    [Fact]
    public void ATerminal_HasTheSizeOfTheUsers_AndATypedLineArrives()
    {
        // Docker 20.10 tells the size a moment after the start.
        const string look = "for i in $(seq 100); do [ \"$(stty size)\" = \"17 93\" ] && break; sleep 0.05; done; stty size; tty; read line; echo [$line]; exit 0";
        using Outer outer = new Outer(Engine, "terminal").Start("dind").ImportBusybox();

        Assert.Contains("\n17 93\n/dev/pts/", "\n" + Engine.AtTerminal("typed\n", "exec", "-it", "terminal", "sh", "-c", look), StringComparison.Ordinal);
        string inner = "\n" + Engine.AtTerminal("typed\n", "exec", "-it", "terminal", "docker", "run", "--rm", "-it", "bb", "sh", "-c", look);
        Assert.Contains("\n17 93\n/dev/pts/0\n", inner, StringComparison.Ordinal);
        Assert.Contains("\n[typed]", inner, StringComparison.Ordinal);
        string run = "\n" + Engine.AtTerminal("typed\n", "run", "--rm", "-it", "--runtime=caisson", "busybox", "sh", "-c", look);
        Assert.Contains("\n17 93\n/dev/pts/0\n", run, StringComparison.Ordinal);
        Assert.Contains("\n[typed]", run, StringComparison.Ordinal);
    }

    [Fact]
    public void StandardInputAndExitCodesGoThrough()
    {
        using Outer outer = new Outer(Engine, "streams").Start("dind").ImportBusybox();
        Assert.Equal("given", Engine.WithInput("given", "exec", "-i", "streams", "cat").Output);
        Assert.Equal("given", Engine.WithInput("given", "exec", "-i", "streams", "docker", "run", "--rm", "-i", "bb", "cat").Output);
        Assert.Equal("given", Engine.WithInput("given", "run", "--rm", "-i", "--runtime=caisson", "busybox", "cat").Output);
        CommandResult both = Engine.Try("exec", "streams", "docker", "run", "--rm", "bb", "sh", "-c", "echo out; echo err >&2; exit 9");
        Assert.Equal((9, "out\n", "err\n"), (both.ExitCode, both.Output, both.Errors));
        Assert.Equal("/tmp value", Engine.Run("exec", "-w", "/tmp", "-e", "NAME=value", "streams", "sh", "-c", "echo $PWD $NAME"));
        Engine.Run("exec", "-d", "streams", "touch", "/detached");
        Eventually(() => Engine.Try("exec", "streams", "test", "-e", "/detached").ExitCode == 0, "the detached exec has run");
    }

    [Fact]
    public void AUserIsTheOneAskedFor_AndOwnsWhatItWrites()
    {
        string volume = $"{Engine.Scratch}/user";
        Directory.CreateDirectory(volume);
        Assert.Equal(0, Command.Run("chmod", ["777", volume]).ExitCode);
        using Outer outer = new Outer(Engine, "user").Start("busybox", "--user", "1000:1001", "--group-add", "2000", "-v", $"{volume}:/v");
        const string look = "id -u; id -g; id -G; grep CapEff /proc/self/status; touch /v/file; stat -c %u:%g /v/file";
        Assert.Equal("1000\n1001\n1001 2000\nCapEff:\t0000000000000000\n1000:1001", outer.Inside(look));
        Assert.Equal("1000:1001\n", Command.Run("stat", ["-c", "%u:%g", $"{volume}/file"]).Output);
        Assert.Equal("0", Engine.Run("exec", "-u", "0", "user", "id", "-u"));
        Assert.Equal("65534", Engine.Run("exec", "-u", "nobody", "user", "id", "-u"));

        using Outer inner = new Outer(Engine, "user-outer").Start("dind").ImportBusybox();
        Assert.Equal("1000 1001", inner.Inside("docker run --rm --user 1000:1001 bb sh -c 'echo $(id -u) $(id -g)'"));
    }

    [Fact]
    public void WithInit_OrphansAreCollected_AndSignalsReachTheProgram()
    {
        const string orphan = "(sleep 0.1 & exec true); sleep 0.5; ps -o stat,comm | grep -c '^Z'; cat /proc/1/comm";
        Assert.Equal("0\ndocker-init", RunAnyway("run", "--rm", "--init", "--runtime=caisson", "busybox", "sh", "-c", orphan));
        using (Outer outer = new Outer(Engine, "init").Start("busybox", "--init"))
        {
            // sleep as the first process would ignore it.
            Engine.Run("kill", "-s", "TERM", "init");
            Assert.Equal("143", Engine.Run("wait", "init"));
        }

        using Outer inner = new Outer(Engine, "init-outer").Start("dind").ImportBusybox();
        Assert.Equal("docker-init", inner.Inside("docker run --rm --init bb cat /proc/1/comm"));
    }

    [Fact]
    public void AReadOnlyRoot_StaysReadOnly_AndAnInnerDockerStillWorks()
    {
        using Outer outer = new Outer(Engine, "read-only").Start(
            "dind", "--read-only", "--tmpfs", "/run", "--tmpfs", "/tmp", "--tmpfs", "/var/log", "--tmpfs", "/etc/docker", "--tmpfs", "/root").ImportBusybox();
        Assert.Equal("refused", outer.Inside("touch /file 2>/dev/null || echo refused"));
        Assert.Equal("refused", outer.Inside("mount -o remount,rw,bind / 2>/dev/null && touch /file 2>/dev/null || echo refused"));
        Assert.Equal("works", outer.Inside("docker run --rm bb echo works"));
        Assert.Equal("refused", outer.Inside("docker run --rm --read-only bb sh -c 'touch /file 2>/dev/null || echo refused'"));
        Engine.Run("stop", "-t", "5", "read-only");
        Engine.Run("start", "read-only");
        outer.AwaitDocker();
        Assert.Equal("works", outer.Inside("docker run --rm bb echo works"));
    }

    [Fact]
    public void Volumes_KeepWhatIsWritten_AndReadOnlyOnesRefuseIt()
    {
        string host = $"{Engine.Scratch}/host";
        Directory.CreateDirectory(host);
        Engine.Run("volume", "create", "named");
        using (Outer writer = new Outer(Engine, "writer").Start("dind", "-v", "named:/etc", "-v", $"{host}:/host", "-v", $"{host}:/fixed:ro").ImportBusybox())
        {
            writer.Inside("echo kept >/etc/kept; echo bound >/host/bound");
            Assert.Equal("0:0", writer.Inside("stat -c %u:%g /etc/passwd"));
            Assert.Equal("refused", writer.Inside("touch /fixed/file 2>/dev/null || echo refused"));
            Assert.Equal("refused", writer.Inside("umount /fixed 2>/dev/null || echo refused"));
            Assert.Equal("refused", writer.Inside("mount -o remount,rw,bind /fixed 2>/dev/null || echo refused"));
            // A volume of the outer container, and a volume inside.
            writer.Inside("docker run --rm -v /host:/h -v inner:/i bb sh -c 'cat /h/bound >/i/copy; echo from-inner >/h/inner'");
            Assert.Equal("bound", writer.Inside("docker run --rm -v inner:/i bb cat /i/copy"));
        }

        Assert.Equal("0:0 bound", $"{Command.Run("stat", ["-c", "%u:%g", $"{host}/inner"]).Output.Trim()} {File.ReadAllText($"{host}/bound").Trim()}");
        Assert.Equal("kept", Engine.Run("run", "--rm", "--runtime=caisson", "-v", "named:/v", "busybox", "cat", "/v/kept"));
        Assert.Equal("kept", Engine.Run("run", "--rm", "--runtime=runc", "-v", "named:/v", "busybox", "cat", "/v/kept"));
        Engine.Run("volume", "rm", "named");
    }

    // grep -c ends with 1 where it counts none.
    string RunAnyway(params string[] arguments) => Engine.Try(arguments).Output.Trim();
}

[Collection(typeof(OnBookworm))]
public sealed class OptionOfBookwormTests(BookwormEngine engine) : OptionTests(engine);

[Collection(typeof(OnSid))]
public sealed class OptionOfSidTests(SidEngine engine) : OptionTests(engine);
