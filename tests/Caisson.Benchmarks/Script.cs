using System.Diagnostics;

namespace Caisson.Benchmarks;

/// <summary>Programs that prepare a measurement.</summary>
static class Script
{
    /// <summary>What it printed; it must succeed.</summary>
    public static string Run(string program, params string[] arguments) =>
        TryRun(program, arguments, out string output) ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");

    /// <summary>What it printed on standard output, or why it failed.</summary>
    public static bool TryRun(string program, string[] arguments, out string output)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LC_ALL"] = "C" },
        })!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            output = $"{output} {errors.GetAwaiter().GetResult()}".Trim();
        }

        return process.ExitCode == 0;
    }

    public static string Environment(string name) => SourceTree.PathOf($"tests/environment/{name}");
}
