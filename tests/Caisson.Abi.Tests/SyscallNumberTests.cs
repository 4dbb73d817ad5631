using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Caisson.Kernel;
using Caisson.Tests;

namespace Caisson.Abi.Tests;

public sealed partial class SyscallNumberTests
{
    /// <summary>Numbers that the headers of the oldest distribution we build on do not have yet; they are checked on newer ones.</summary>
    static readonly HashSet<string> NewerThanSomeHeaders = [];

    [Fact]
    public void Numbers_of_x64_are_those_of_the_headers()
    {
        Assert.SkipUnless(CHeaders.IsX64, "asm/unistd_64.h of x86-64 comes with machines of that kind only");
        AssertNumbers(CHeaders.SyscallsX64, it => it.X64);
    }

    [Fact]
    public void Numbers_of_arm64_are_those_of_the_generic_header() => AssertNumbers(CHeaders.SyscallsArm64, it => it.Arm64);

    [Fact]
    public void Every_number_stands_in_the_source_as_a_line_with_both_architectures()
    {
        Dictionary<string, int> values = typeof(SyscallNumbers).GetProperties(BindingFlags.Static | BindingFlags.Public)
            .ToDictionary(it => it.Name, it => (int)it.GetValue(null)!);
        Dictionary<string, int> lines = Lines().ToDictionary(it => it.Name, it => CHeaders.IsX64 ? it.X64 : it.Arm64);

        Assert.NotEmpty(values);
        Assert.Equal(values.OrderBy(it => it.Key, StringComparer.Ordinal), lines.OrderBy(it => it.Key, StringComparer.Ordinal));
    }

    static void AssertNumbers(IReadOnlyList<string> headers, Func<NumberLine, int> number)
    {
        List<NumberLine> lines = Lines();
        Assert.NotEmpty(lines);
        List<string> failures = [.. CCheck.Failures(headers, [
            .. lines.Select(it => CAssertion.Equal($"SyscallNumbers.{it.Name}", $"__NR_{it.Name}", number(it)))])];
        failures.RemoveAll(IsNewerThanTheHeaders);

        Expect.Nothing(failures);
    }

    static bool IsNewerThanTheHeaders(string failure) =>
        failure.Contains("undeclared", StringComparison.Ordinal)
        && NewerThanSomeHeaders.Any(name => failure.StartsWith($"SyscallNumbers.{name}:", StringComparison.Ordinal));

    static List<NumberLine> Lines() =>
        [.. from Match match in Line().Matches(File.ReadAllText(SourceTree.PathOf("src/Caisson.Kernel/SyscallNumbers.cs")))
            select new NumberLine(match.Groups["name"].Value, Number(match, "x64"), Number(match, "arm64"))];

    static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"public static int (?<name>\w+) => Pick\(x64: (?<x64>\d+), arm64: (?<arm64>\d+)\);")]
    private static partial Regex Line();

    readonly record struct NumberLine(string Name, int X64, int Arm64);
}
