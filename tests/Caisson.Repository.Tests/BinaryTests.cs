using System.Diagnostics;
using System.Text.RegularExpressions;
using Caisson.Tests;

namespace Caisson.Repository.Tests;

/// <summary>What <c>make publish</c> left in out and artifacts.</summary>
public sealed partial class BinaryTests
{
    const int LargestSize = 8 * 1024 * 1024;

    static readonly string Binary = SourceTree.PathOf("out/caisson");

    [Fact]
    public void The_binary_finds_nothing_at_run_time()
    {
        ElfFile elf = Read();

        Assert.False(elf.HasInterpreter);
        Assert.Equal(0, elf.NeededLibraries);
    }

    [Fact]
    public void The_binary_is_stripped_and_at_most_8_MiB()
    {
        Assert.False(Read().HasSymbols);
        Assert.InRange(new FileInfo(Binary).Length, 1, LargestSize);
    }

    [Fact]
    public void The_binary_starts_at_most_five_times_as_slowly_as_the_smallest_program()
    {
        RequireBinary();
        CommandResult version = Command.Run(Binary, ["--version"]);
        Assert.Equal(0, version.ExitCode);
        Assert.NotEmpty(version.Output);

        // Compared with another program in the same minute, so that a slow or busy machine says nothing. The fastest of
        // several is what the program needs; the rest is the machine. 10 ms are the resolution of this measurement.
        TimeSpan ours = Fastest(Binary, "--version");
        TimeSpan smallest = Fastest("/bin/true", "");
        Assert.True(ours <= (5 * smallest) + TimeSpan.FromMilliseconds(10), $"{ours.TotalMilliseconds} ms; /bin/true {smallest.TotalMilliseconds} ms");
    }

    [Fact]
    public void Publishing_said_nothing_about_code_that_cannot_be_compiled_ahead_of_time()
    {
        string log = SourceTree.PathOf("artifacts/publish.log");
        Assert.True(File.Exists(log), "artifacts/publish.log is missing: make publish");
        Assert.Contains(File.ReadLines(log), line => line.Contains("caisson -> ", StringComparison.Ordinal));
        string[] warnings = [.. File.ReadLines(log).Where(line => CompilerWarning().IsMatch(line))];

        Expect.Nothing(warnings);
    }

    static ElfFile Read()
    {
        RequireBinary();
        return new ElfFile(File.ReadAllBytes(Binary));
    }

    static void RequireBinary() => Assert.True(File.Exists(Binary), "out/caisson is missing: make publish");

    static TimeSpan Fastest(string program, string argument) => Enumerable.Range(0, 15).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        Command.Run(program, argument.Length == 0 ? [] : [argument], seconds: 10);
        return Stopwatch.GetElapsedTime(start);
    });

    [GeneratedRegex(@"\bIL\d{4}:|warning IL|warning AOT")]
    private static partial Regex CompilerWarning();
}
