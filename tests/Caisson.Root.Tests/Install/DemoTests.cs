using System.Text.RegularExpressions;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Install;

/// <summary>What a newcomer types first, with a Docker of its own: the machine's is left alone.</summary>
public sealed partial class DemoTests : RootTest
{
    // The first run on a machine makes an image, which takes minutes.
    const int Limit = 300;

    static readonly string Demo = SourceTree.PathOf("demo");

    [Fact]
    public void Demo_TellsTheWholeStory_AndLeavesNothing()
    {
        CommandResult result = Host.Run(Scratch, [Demo, "--private", "--no-build"], seconds: Limit);
        Output?.WriteLine(result.Output);

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        Match summary = Summary().Match(result.Output);
        Assert.True(summary.Success && summary.Groups[1].Value == summary.Groups[2].Value, result.Output);
        Assert.True(int.Parse(summary.Groups[1].Value) >= 14);
        Assert.DoesNotContain("✗", result.Output);
        Assert.DoesNotContain("\e", result.Output);
        Assert.All(
            [
                "--runtime=caisson", "Privileged: false", "Hello from busybox.", "overlay2", "inner-web: Up",
                "Operation not permitted", "Read-only file system",
            ],
            line => Assert.Contains(line, result.Output));
        Assert.Matches(@"/docker/[0-9a-f]{64} /var/lib/docker ", result.Output);
        AssertNothingIsLeft(result.Output);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void Demo_CutOff_CleansUp(string signal, int code)
    {
        Running demo = Host.Start(Scratch, [Demo, "--private", "--no-build"]);
        Eventually(() => demo.Output.Contains("Docker works inside"), "the demo has begun", Limit);
        Assert.Equal(0, Command.Run("kill", ["-s", signal, $"{demo.Pid}"]).ExitCode);
        CommandResult result = demo.Wait(60);

        Assert.True(result.ExitCode == code, $"exit code {result.ExitCode}: {result.Output}{result.Errors}");
        Assert.Contains("Interrupted; cleaning up.", result.Output);
        AssertNothingIsLeft(result.Output);
    }

    [Fact]
    public void Demo_ExplainsItself()
    {
        string help = Succeeded(Host.Run(Scratch, [Demo, "--help"]));
        Assert.StartsWith("usage: ./demo ", help);
        Assert.All(["--shell", "--keep", "--private", "--no-build"], option => Assert.Contains($"\n  {option} ", help));
        Failed(Host.Run(Scratch, [Demo, "--bogus"]), "demo: unknown option --bogus; ./demo --help lists them");
        Failed(Host.Run(Scratch, [Demo, "--shell"]), "demo: --shell needs a terminal");
    }

    static void AssertNothingIsLeft(string output)
    {
        string id = ContainerId().Match(output).Value.Trim();
        Assert.NotEmpty(id);
        string place = Place().Match(output).Groups[1].Value;
        Assert.DoesNotContain($" {place}/", File.ReadAllText("/proc/self/mountinfo"));
        Assert.DoesNotContain(id, File.ReadAllText("/proc/self/mountinfo"));
        Assert.Equal("", Command.Run("find", ["/sys/fs/cgroup", "/var/lib/caisson", "/run/caisson", "-name", $"*{id}*"]).Output);
        Assert.Equal("", Command.Run("pgrep", ["-af", $"{place}/|{id}"]).Output);
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(place)!, "demo-run.*"));
        Assert.False(File.Exists($"{place}/dockerd.pid"));
        Assert.Equal("", Command.Run("find", [$"{place}/bin", "-mindepth", "1"]).Output);
    }

    [GeneratedRegex(@"\n(\d+) steps, (\d+) passed in \d+ s\n$")]
    private static partial Regex Summary();

    [GeneratedRegex(@"(?<=\n +)[0-9a-f]{64}(?=\n)")]
    private static partial Regex ContainerId();

    [GeneratedRegex(@"DOCKER_HOST=unix://(\S+)/docker\.sock")]
    private static partial Regex Place();
}
