using System.Diagnostics;

namespace Caisson.Tests;

/// <summary>What a program printed and how it ended.</summary>
readonly record struct CommandResult(int ExitCode, string Output, string Errors);

/// <summary>Runs a program of the machine to its end, without a shell in between.</summary>
static class Command
{
    public static CommandResult Run(string program, IEnumerable<string> arguments, string input = "", int seconds = 60)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = SourceTree.Root,
            // Messages are read: no translations.
            Environment = { ["LC_ALL"] = "C" },
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended without reading; its exit code says more.
        }

        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {seconds} s");
        }

        return new CommandResult(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}
