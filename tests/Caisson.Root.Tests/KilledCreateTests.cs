using System.Diagnostics;
using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests;

/// <summary>
/// The command is killed at its first system call, at its second, and so on until it comes through: whatever it had made by
/// then goes with <c>delete --force</c>.
/// </summary>
public sealed class KilledCreateTests : RootTest
{
    /// <summary>Every how manieth system call is tried; CAISSON_KILL_STEP=1 is all of them, which takes minutes.</summary>
    static readonly int s_step = int.Parse(Environment.GetEnvironmentVariable("CAISSON_KILL_STEP") is { Length: > 0 } step ? step : "11");

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
        Stopwatch clock = Stopwatch.StartNew();
        int killed = 0;
        // Other steps each time, so that all are met in the long run.
        int n = 1 + (Environment.ProcessId % s_step);
        for (; ; n += s_step)
        {
            // strace ends as the command did; what the command started is not traced.
            CommandResult result = Host.Run(
                bundle.Directory,
                ["strace", "-o", "/dev/null", "-e", $"inject=all:signal=KILL:when={n}", .. CommandLine(level, "create", "-b", bundle.Directory, bundle.Id)]);
            if (result.ExitCode == 0)
            {
                break;
            }

            killed++;
            Assert.True(result.ExitCode == 137, $"killed at {n}: exit code {result.ExitCode}: {result.Errors}");
            CommandResult delete = bundle.Delete("--force");
            Assert.True(delete.ExitCode == 0, $"killed at {n}, delete: {delete.Errors}");
            IReadOnlyList<string> left = Leftovers.Await(name, mounts);
            Assert.True(left.Count == 0, $"killed at {n}, left: {string.Join('\n', left)}");
            Assert.True(n < 20000, "it never comes through");
        }

        Assert.True(killed > 10, $"only {killed} steps");
        Output?.WriteLine($"{level}: {killed} of {n} steps in {clock.Elapsed.TotalSeconds:F0} s");
        Assert.Equal("created", bundle.Status);
    }
}
