using Caisson.Root.Tests.Checkpoint;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Engines;

/// <summary>A Podman of one suite with the image "bb": one static busybox that sleeps. Fails at its end if it leaves anything.</summary>
public abstract class PodmanEngine : IDisposable
{
    readonly string _scratch = Path.Combine(Path.GetTempPath(), $"{Host.Mark}-podman-{Guid.NewGuid().ToString("N")[..6]}");

    protected PodmanEngine(string suite)
    {
        if (Environment.UserName != "root")
        {
            return;
        }

        Directory.CreateDirectory(_scratch);
        Plain = Path.Combine(Path.GetDirectoryName(Host.Caisson)!, "caisson-plain");
        File.Delete(Plain);
        File.CreateSymbolicLink(Plain, "caisson");
        string busybox = Host.Tool(_scratch, "image-busybox", 120);
        // The first time the suite's packages are fetched.
        Host.Tool(_scratch, "podman-start", 900, $"{_scratch}/d", "--suite", suite, "--bind", Path.GetDirectoryName(Host.Caisson)!, "--bind", busybox, "--bind", _scratch, "--bind", CheckpointTest.Criu);
        Run("import", "-q", "-c", "CMD [\"sleep\",\"1000\"]", busybox, "bb");
    }

    /// <summary>The program by the name that makes it plain.</summary>
    public string Plain { get; } = "";

    /// <summary>A directory that Podman sees, too.</summary>
    public string Scratch => _scratch;

    /// <summary>What <c>podman …</c> with this runtime prints; it must succeed.</summary>
    public string Run(params string[] arguments)
    {
        CommandResult result = Try(arguments);
        Assert.True(result.ExitCode == 0, $"podman {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }

    internal CommandResult Try(params string[] arguments) => With(Host.Caisson, arguments);

    internal CommandResult With(string runtime, params string[] arguments) =>
        Host.Run(_scratch, [SourceTree.PathOf("tests/environment/podman-exec"), $"{_scratch}/d", "podman", "--runtime", runtime, .. arguments], seconds: 60);

    /// <summary>Of plain containers, with CRIU in PATH.</summary>
    internal CommandResult WithCriu(params string[] arguments) => Host.Run(
        _scratch,
        [
            SourceTree.PathOf("tests/environment/podman-exec"), $"{_scratch}/d", "env", $"PATH={CheckpointTest.Criu}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "podman", "--runtime", Plain, .. arguments,
        ],
        seconds: 60);

    /// <summary>The same at a terminal.</summary>
    internal CommandResult AtTerminal(params string[] arguments)
    {
        string line = string.Join(' ', ((string[])["podman", "--runtime", Host.Caisson, .. arguments]).Select(word => $"'{word}'"));
        return Host.Run(_scratch, [SourceTree.PathOf("tests/environment/podman-exec"), $"{_scratch}/d", "script", "-qec", $"stty rows 17 cols 93; exec {line}", "/dev/null"]);
    }

    public void Dispose()
    {
        if (Environment.UserName == "root")
        {
            Host.Tool(_scratch, "podman-stop", 180, $"{_scratch}/d");
            Directory.Delete(_scratch, recursive: true);
            Assert.DoesNotContain(_scratch, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>Podman 4.3.</summary>
public sealed class PodmanOfBookworm() : PodmanEngine("bookworm");

/// <summary>Podman 5.</summary>
public sealed class PodmanOfSid() : PodmanEngine("sid");
