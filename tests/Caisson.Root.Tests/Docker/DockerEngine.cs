using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>A private dockerd of one suite with the runtimes caisson and caisson-plain, and the images of that suite.</summary>
public abstract class DockerEngine : IDisposable
{
    readonly string _scratch = Path.Combine(Path.GetTempPath(), $"{Host.Mark}-docker-{Guid.NewGuid().ToString("N")[..6]}");
    readonly string _place;

    protected DockerEngine(string suite)
    {
        Suite = suite;
        _place = $"{_scratch}/d";
        if (Environment.UserName != "root")
        {
            return;
        }

        Directory.CreateDirectory(_scratch);
        // The name that it is called by makes it plain.
        string plain = Path.Combine(Path.GetDirectoryName(Host.Caisson)!, "caisson-plain");
        File.Delete(plain);
        File.CreateSymbolicLink(plain, "caisson");
        // The first time the suite's packages are fetched.
        Tool("dockerd-start", 900, _place, "--suite", suite, "--runtime", $"caisson={Host.Caisson}", "--runtime", $"caisson-plain={plain}", "--bind", _scratch);
        Run("import", "-c", "CMD [\"sleep\",\"1000\"]", Tool("image-busybox", 120), "busybox");
        Run(
            "import", "-c", "ENTRYPOINT [\"/usr/local/bin/start-docker\"]", "-c", "CMD [\"sleep\",\"1000\"]",
            Tool("image-dind", 900, suite), "dind");
    }

    public string Suite { get; }

    /// <summary>A directory that the engine sees, too.</summary>
    public string Scratch => _scratch;

    /// <summary>What <c>docker …</c> prints; it must succeed.</summary>
    public string Run(params string[] arguments)
    {
        CommandResult result = Try(arguments);
        Assert.True(result.ExitCode == 0, $"docker {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }

    internal CommandResult Try(params string[] arguments) =>
        Host.Run(_scratch, [SourceTree.PathOf("tests/environment/dockerd-exec"), _place, "docker", .. arguments], seconds: 120);

    /// <summary>Runs a command on the engine's network.</summary>
    internal CommandResult OnNetwork(params string[] command) =>
        Host.Run(_scratch, [SourceTree.PathOf("tests/environment/dockerd-exec"), _place, .. command], seconds: 60);

    public JsonNode Inspect(string container) => JsonNode.Parse(Run("inspect", container))![0]!;

    /// <summary>Fails if the engine leaves anything behind.</summary>
    public void Dispose()
    {
        if (Environment.UserName == "root")
        {
            Tool("dockerd-stop", 120, _place);
            Directory.Delete(_scratch, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    string Tool(string name, int seconds, params string[] arguments)
    {
        CommandResult result = Host.Run(_scratch, [SourceTree.PathOf($"tests/environment/{name}"), .. arguments], seconds: seconds);
        Assert.True(result.ExitCode == 0, $"{name}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }
}

public sealed class BookwormEngine() : DockerEngine("bookworm");

public sealed class SidEngine() : DockerEngine("sid");
