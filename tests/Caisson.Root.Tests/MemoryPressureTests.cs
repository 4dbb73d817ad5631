using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>
/// Commands that collect all the time: a first generation of 64 KiB in a heap of 8 MiB. A collection at the wrong moment
/// (around the clone, while native memory is shared with the child) would show as a hang or a wrong answer.
/// </summary>
public sealed class MemoryPressureTests : RootTest
{
    const int Runs = 150;
    const int Execs = 100;

    // In hexadecimal. The budget, as the size alone is a wish that the collector overrides.
    const string Pressure = "DOTNET_GCgen0size=10000 DOTNET_GCGen0MaxBudget=10000 DOTNET_GCHeapHardLimit=800000";

    [Theory, ForEachLevel]
    public void RunAndExec_WorkThroughCollections(string level)
    {
        using Bundle bundle = NewBundle(level, config =>
        {
            config.Shell("read line; echo $line; exit 7");
            config.Linux()["seccomp"] = JsonNode.Parse(File.ReadAllText(SourceTree.PathOf("tests/testdata/seccomp/docker-28.json")));
        });
        string command = $"env {Pressure} {string.Join(' ', CommandLine(level))}";

        if (Bash("strace -o /dev/null true").ExitCode == 0)
        {
            // Each collection stops the other threads by one such call.
            string collections = Succeeded(Bash(
                $"echo x | strace -f -o {Scratch}/trace -e trace=membarrier {command} run -b {bundle.Directory} {bundle.Id} >/dev/null; grep -c PRIVATE_EXPEDITED,.*=.0 {Scratch}/trace"));
            Output?.WriteLine($"{level}: {collections} collections in a run");
            Assert.True(int.Parse(collections) >= 8, $"{collections} collections in a run");
        }

        Succeeded(Bash(
            $$"""
            for i in $(seq {{Runs}}); do
                said=$(echo fine$i | timeout 20 {{command}} run -b {{bundle.Directory}} {{bundle.Id}} 2>&1); code=$?
                [[ $code == 7 && $said == fine$i ]] || { echo "run $i: $code: $said"; exit 1; }
            done
            """, seconds: 120));

        bundle.Change(config => config.Args("sleep", "1000"));
        bundle.Launch();
        Succeeded(Bash(
            $$"""
            for i in $(seq {{Execs}}); do
                said=$(timeout 20 {{command}} exec {{bundle.Id}} sh -c "echo fine$i; exit 9" 2>&1); code=$?
                [[ $code == 9 && $said == fine$i ]] || { echo "exec $i: $code: $said"; exit 1; }
                timeout 20 {{command}} state {{bundle.Id}} >/dev/null || exit 1
            done
            """, seconds: 120));
    }
}
