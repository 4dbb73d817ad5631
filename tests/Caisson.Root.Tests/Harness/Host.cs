using System.Diagnostics;

namespace Caisson.Root.Tests.Harness;

/// <summary>
/// Runs programs of the machine. Their streams are files: what a command leaves running may keep them open, and nothing here
/// waits for that.
/// </summary>
static class Host
{
    /// <summary>The published binary; another one by CAISSON_BINARY.</summary>
    public static string Caisson { get; } =
        Environment.GetEnvironmentVariable("CAISSON_BINARY") is { Length: > 0 } given ? given : SourceTree.PathOf("out/caisson");

    /// <summary>In the environment of all that the tests start, so that what is left of it can be told from others' processes.</summary>
    public static string Mark { get; } = $"crt{Environment.ProcessId}";

    public static CommandResult Run(string directory, IEnumerable<string> command, string input = "", int seconds = 30)
    {
        Running running = Start(directory, command, input);
        return running.Wait(seconds);
    }

    /// <summary>What a script of tests/environment prints; it must succeed.</summary>
    public static string Tool(string directory, string name, int seconds, params string[] arguments)
    {
        CommandResult result = Run(directory, [SourceTree.PathOf($"tests/environment/{name}"), .. arguments], seconds: seconds);
        Assert.True(result.ExitCode == 0, $"{name}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }

    public static Running Start(string directory, IEnumerable<string> command, string input = "")
    {
        string streams = Path.Combine(directory, $"streams-{Guid.NewGuid():N}");
        File.WriteAllText($"{streams}.in", input);
        string[] all = [.. command];
        ProcessStartInfo start = new("/bin/bash", ["-c", "exec \"$@\" <\"$0.in\" >\"$0.out\" 2>\"$0.err\"", streams, .. all])
        {
            WorkingDirectory = directory,
            Environment = { ["LC_ALL"] = "C", ["TEST_OF_CAISSON"] = Mark },
        };
        return new Running(Process.Start(start)!, streams, string.Join(' ', all));
    }
}

/// <summary>A program that has been started.</summary>
sealed class Running(Process process, string streams, string name)
{
    public int Pid => process.Id;

    public string Output => Read("out");

    public string Errors => Read("err");

    public CommandResult Wait(int seconds = 30)
    {
        using (process)
        {
            if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{name} did not end within {seconds} s; it printed: {Output}{Errors}");
            }

            return new CommandResult(process.ExitCode, Output, Errors);
        }
    }

    // Not there before the shell has come that far.
    string Read(string stream) => File.Exists($"{streams}.{stream}") ? File.ReadAllText($"{streams}.{stream}") : "";
}
