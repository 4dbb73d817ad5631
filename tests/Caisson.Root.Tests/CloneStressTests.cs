using System.Text.RegularExpressions;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>Ten thousand children of one process, as an AOT program, with collections in between and a small heap.</summary>
public sealed partial class CloneStressTests : RootTest
{
    const int Count = 10000;

    [Theory]
    [InlineData("")]
    // 12 MiB: collections have to run all the time.
    [InlineData("C00000")]
    public void TenThousandClones_AllEnd(string heapLimit)
    {
        string program = Publish();

        CommandResult result = Host.Run(
            Scratch, ["env", .. heapLimit.Length > 0 ? [$"DOTNET_GCHeapHardLimit={heapLimit}"] : Array.Empty<string>(), program, $"{Count}"], seconds: 180);

        string said = Succeeded(result);
        Output?.WriteLine(said);
        Match match = Counts().Match(said);
        Assert.True(match.Success, said);
        Assert.Equal(($"{Count}", $"{Count}"), (match.Groups[1].Value, match.Groups[2].Value));
        Assert.True(int.Parse(match.Groups[3].Value) >= 100, said);
    }

    // Once for each state of its sources; beside this repository's other artifacts, as nobody else builds it.
    static string Publish()
    {
        string output = SourceTree.PathOf("artifacts/clone-stress");
        string program = $"{output}/Caisson.CloneStress";
        Directory.CreateDirectory(output);
        using FileStream locked = new($"{output}/lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        DateTime newest = SourceTree.Files("src/Caisson.Kernel", ".cs").Concat(SourceTree.Files("tests/Caisson.CloneStress", "*"))
            .Max(file => File.GetLastWriteTimeUtc(SourceTree.PathOf(file)));
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < newest)
        {
            CommandResult result = Command.Run(
                "dotnet",
                ["publish", "tests/Caisson.CloneStress", "-r", "linux-x64", "-c", "Release", "-o", output, "--artifacts-path", $"{output}/build", "-p:RunAnalyzers=false"],
                seconds: 180);
            Assert.True(result.ExitCode == 0, result.Output + result.Errors);
            File.SetLastWriteTimeUtc(program, DateTime.UtcNow);
        }

        return program;
    }

    [GeneratedRegex(@"^(\d+) clones, (\d+) fine, (\d+) collections")]
    private static partial Regex Counts();
}
