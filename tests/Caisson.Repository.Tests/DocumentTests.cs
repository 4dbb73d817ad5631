using System.Globalization;
using System.Text.RegularExpressions;
using Caisson.Tests;

namespace Caisson.Repository.Tests;

public sealed partial class DocumentTests
{
    static readonly string[] Sections = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE")]
    public void A_document_that_every_repository_has_is_here(string name) => Assert.True(File.Exists(SourceTree.PathOf(name)), name);

    [Fact]
    public void Links_in_documents_lead_to_files_that_are_there()
    {
        string[] documents = [.. SourceTree.Files("", ".md")];
        Assert.NotEmpty(documents);
        string[] broken =
        [
            .. from document in documents
               from Match match in Link().Matches(WithoutCode(File.ReadAllText(SourceTree.PathOf(document))))
               let target = match.Groups["target"].Value.Split('#')[0]
               where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
               where !Path.Exists(Path.Combine(Path.GetDirectoryName(SourceTree.PathOf(document))!, target))
               select $"{document}: {target}",
        ];

        Expect.Nothing(broken);
    }

    [Fact]
    public void Documents_that_comments_name_are_there()
    {
        string[] broken =
        [
            .. from path in SourceTree.Files("src", ".cs").Concat(SourceTree.Files("src", ".csproj"))
               from Match match in DocumentName().Matches(File.ReadAllText(SourceTree.PathOf(path)))
               where !File.Exists(SourceTree.PathOf(match.Value))
               select $"{path}: {match.Value}",
        ];

        Expect.Nothing(broken);
    }

    [Fact]
    public void The_changelog_has_the_form_of_Keep_a_Changelog() =>
        Expect.Nothing(ProblemsOf(File.ReadAllLines(SourceTree.PathOf("CHANGELOG.md"))));

    [Theory]
    [InlineData("# Changelog\n\n## [1.0.0] - 2026-01-02\n\n### Added\n\n- one", "Unreleased")]
    [InlineData("# Changelog\n\n## [Unreleased]\n\n### Nice\n\n- one", "Nice")]
    [InlineData("# Changelog\n\n## [Unreleased]\n\n## 1.0.0 - yesterday", "1.0.0")]
    [InlineData("# Changelog\n\n## [Unreleased]\n\n### Added\n\nwords", "words")]
    [InlineData("# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-02\n\n## [1.1.0] - 2026-01-03", "1.1.0")]
    [InlineData("# News", "# Changelog")]
    public void A_malformed_changelog_is_noticed(string text, string named) =>
        Assert.Contains(ProblemsOf(text.Split('\n')), it => it.Contains(named, StringComparison.Ordinal));

    static List<string> ProblemsOf(string[] lines)
    {
        List<string> problems = [];
        if (lines.FirstOrDefault() != "# Changelog")
        {
            problems.Add("the first line must be: # Changelog");
        }

        string[] headings = [.. lines.Where(it => it.StartsWith("## ", StringComparison.Ordinal))];
        if (headings.FirstOrDefault() != "## [Unreleased]")
        {
            problems.Add("the first section must be: ## [Unreleased]");
        }

        problems.AddRange(headings.Skip(1).Where(it => !Release().IsMatch(it)));
        string[] dates = [.. headings.Select(it => Release().Match(it)).Where(it => it.Success).Select(it => it.Groups["date"].Value)];
        problems.AddRange(headings.Skip(1).Zip(headings.Skip(2)).Where(it => IsOlder(it.First, it.Second)).Select(it => $"older below newer: {it.Second}"));
        problems.AddRange(dates.Where(it => !DateOnly.TryParseExact(it, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)));
        problems.AddRange(lines.Where(it => it.StartsWith("### ", StringComparison.Ordinal) && !Sections.Contains(it[4..])));

        bool inSection = false;
        foreach (string line in lines)
        {
            inSection = line.StartsWith("### ", StringComparison.Ordinal) || (inSection && !line.StartsWith('#'));
            if (inSection && !ListLine().IsMatch(line))
            {
                problems.Add($"not an item of a list: {line}");
            }
        }

        return problems;
    }

    // Newest first: a section is wrong where the one below it is newer.
    static bool IsOlder(string above, string below) =>
        string.CompareOrdinal(Release().Match(above).Groups["date"].Value, Release().Match(below).Groups["date"].Value) < 0;

    static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    [GeneratedRegex(@"^## \[\d+\.\d+\.\d+\] - (?<date>\d{4}-\d{2}-\d{2})$")]
    private static partial Regex Release();

    [GeneratedRegex(@"^(### .*|- .+|  +\S.*|)$")]
    private static partial Regex ListLine();

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\bdocs/[\w./-]+\.md\b")]
    private static partial Regex DocumentName();
}
