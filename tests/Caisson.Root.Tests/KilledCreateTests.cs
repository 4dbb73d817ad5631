using System.Diagnostics;
using System.Globalization;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>
/// The command is killed at one of its system calls after the other: whatever it had made by then goes with
/// <c>delete --force</c>.
/// </summary>
public sealed class KilledCreateTests : RootTest
{
    /// <summary>Every how manieth system call is tried; CAISSON_KILL_STEP=1 is all of them, which takes minutes.</summary>
    static readonly int s_step = int.Parse(
        Environment.GetEnvironmentVariable("CAISSON_KILL_STEP") is { Length: > 0 } step ? step : "13", CultureInfo.InvariantCulture);

    [Theory, ForEachLevel]
    public void WhatAKilledCreateHasMade_GoesWithDelete(string level)
    {
        if (Bash("strace -o /dev/null true").ExitCode != 0)
        {
            Assert.Skip("strace cannot trace here");
        }

        using Bundle bundle = NewBundle(level, config =>
        {
            config["hooks"] = Config.Json(new { createRuntime = (object[])[new { path = "/bin/true" }] });
            config.Linux()["sysctl"] = new JsonObject { ["net.ipv4.ip_forward"] = "1" };
        });
        string name = Path.GetFileName(Scratch);
        IReadOnlySet<string> mounts = Leftovers.Mounts();
        Succeeded(Traced(bundle, level, "trace=all", $"{Scratch}/trace"));
        Succeeded(bundle.Delete("--force"));
        (string Call, int Count)[] steps = [.. Steps(File.ReadAllLines($"{Scratch}/trace"))];
        Stopwatch clock = Stopwatch.StartNew();
        int killed = 0;
        // Other steps each time, so that all are met in the long run.
        for (int i = Environment.ProcessId % s_step; i < steps.Length; i += s_step)
        {
            (string call, int count) = steps[i];
            string what = $"killed at step {i}, {call} number {count}";
            // strace ends as the command did; what the command started is not traced.
            CommandResult result = Traced(bundle, level, $"inject={call}:signal=KILL:when={count}", "/dev/null");
            Assert.True(result.ExitCode is 0 or 137, $"{what}: exit code {result.ExitCode}: {result.Errors}");
            killed += result.ExitCode == 137 ? 1 : 0;
            CommandResult delete = bundle.Delete("--force");
            Assert.True(delete.ExitCode == 0, $"{what}, delete: {delete.Errors}");
            IReadOnlyList<string> left = Leftovers.Await(name, mounts);
            Assert.True(left.Count == 0, $"{what}, left: {string.Join('\n', left)}");
        }

        Output?.WriteLine($"{level}: killed {killed} times in {steps.Length} system calls, {clock.Elapsed.TotalSeconds:F0} s");
        Assert.True(killed > steps.Length / s_step / 2, $"killed {killed} times only");
    }

    static CommandResult Traced(Bundle bundle, string level, string what, string log) => Host.Run(
        bundle.Directory,
        ["strace", "-o", log, "-e", what, Host.Caisson, "--root", $"{Path.GetDirectoryName(bundle.Directory)}/states",
            "--isolation", level, "create", "-b", bundle.Directory, bundle.Id]);

    // strace counts each system call by itself.
    static IEnumerable<(string Call, int Count)> Steps(string[] trace)
    {
        Dictionary<string, int> counts = [];
        foreach (string line in trace)
        {
            int end = line.IndexOf('(');
            if (end > 0 && line[..end].All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'))
            {
                string call = line[..end];
                yield return (call, counts[call] = counts.GetValueOrDefault(call) + 1);
            }
        }
    }
}
