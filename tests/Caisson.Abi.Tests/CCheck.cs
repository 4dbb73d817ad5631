using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Caisson.Tests;

namespace Caisson.Abi.Tests;

/// <summary>Asks the system's C compiler whether assertions hold, as Tmds.LibC does it: one _Static_assert a line.</summary>
static partial class CCheck
{
    /// <summary>One line for each assertion that does not hold or that no unit's headers can express; empty when all is well.</summary>
    public static IReadOnlyList<string> Failures(IReadOnlyList<string> units, IReadOnlyCollection<CAssertion> assertions)
    {
        List<string> failures = [];
        Dictionary<CAssertion, string> unknown = assertions.Distinct().ToDictionary(it => it, _ => "");
        foreach (string unit in units)
        {
            List<CAssertion> asked = [.. unknown.Keys];
            Dictionary<CAssertion, string> stillUnknown = [];
            foreach ((int line, string message) in Compile(unit, asked))
            {
                CAssertion assertion = asked[line];
                if (message.StartsWith("static assertion failed", StringComparison.Ordinal))
                {
                    failures.Add($"{assertion.Name}: not so: {assertion.Condition}");
                }
                else
                {
                    stillUnknown.TryAdd(assertion, $"{unknown[assertion]} | {message}");
                }
            }

            unknown = stillUnknown;
        }

        return [.. failures, .. unknown.Select(it => $"{it.Key.Name}: {it.Key.Condition}{it.Value}")];
    }

    public static void AssertAll(IReadOnlyList<string> units, IReadOnlyCollection<CAssertion> assertions)
    {
        Assert.NotEmpty(assertions);
        IReadOnlyList<string> failures = Failures(units, assertions);
        Expect.Nothing(failures);
    }

    // The index of each assertion that the compiler complains about, and its words.
    static List<(int Index, string Message)> Compile(string unit, List<CAssertion> assertions)
    {
        StringBuilder source = new();
        source.Append("#define _GNU_SOURCE\n").Append(unit).Append("#line 1 \"assertions\"\n");
        foreach (CAssertion assertion in assertions)
        {
            source.Append($"_Static_assert({assertion.Condition}, \"\");\n");
        }

        CommandResult compiler = Command.Run(
            "gcc", ["-std=gnu11", "-fsyntax-only", "-fmax-errors=0", "-fno-diagnostics-show-caret", "-x", "c", "-"], source.ToString());
        List<(int, string)> complaints = [];
        foreach (Match match in ErrorLine().Matches(compiler.Errors))
        {
            // Anything the compiler says about the headers themselves would make every answer worthless.
            Assert.True(match.Groups["file"].Value == "assertions", match.Value);
            complaints.Add((int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture) - 1, match.Groups["text"].Value));
        }

        Assert.True(compiler.ExitCode == 0 == (complaints.Count == 0), $"gcc ended with {compiler.ExitCode}: {compiler.Errors}");
        return complaints;
    }

    [GeneratedRegex(@"^(?<file>[^:\n]+):(?<line>\d+):(?:\d+:)? (?:fatal )?error: (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
