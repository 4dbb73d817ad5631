using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Install;

/// <summary>A dockerd of tests/environment, with the busybox image.</summary>
sealed class PrivateDocker : IDisposable
{
    readonly string _scratch;

    public PrivateDocker(string scratch, string suite)
    {
        (_scratch, Place) = (scratch, $"{scratch}/d");
        // A suite whose files are not there yet takes minutes.
        Tool("dockerd-start", 900, Place, "--suite", suite, "--bind", scratch);
        Docker("import", "-c", "CMD [\"sleep\",\"1000\"]", Tool("image-busybox", 60), "busybox");
    }

    public string Place { get; }

    public string Config => $"{Place}/daemon.json";

    public string[] Runtimes =>
        [.. Docker("info", "-f", "{{range $name, $_ := .Runtimes}}{{println $name}}{{end}}").Split('\n').Where(name => !name.StartsWith("io.", StringComparison.Ordinal))];

    public string Docker(params string[] arguments) => Succeed(["docker", "--host", $"unix://{Place}/docker.sock", .. arguments], 60);

    public void Dispose() => Tool("dockerd-stop", 90, Place);

    string Tool(string name, int seconds, params string[] arguments) =>
        Succeed([SourceTree.PathOf($"tests/environment/{name}"), .. arguments], seconds);

    string Succeed(string[] command, int seconds)
    {
        CommandResult result = Host.Run(_scratch, command, seconds: seconds);
        Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.Output}{result.Errors}");
        return result.Output.Trim();
    }
}
