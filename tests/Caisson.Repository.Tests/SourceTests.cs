using System.Text.RegularExpressions;
using Caisson.Tests;

namespace Caisson.Repository.Tests;

public sealed partial class SourceTests
{
    const int MostLines = 500;

    [Fact]
    public void No_source_file_is_longer_than_500_lines()
    {
        string[] files = [.. SourceTree.Files("src", ".cs"), .. SourceTree.Files("tests", ".cs")];
        Assert.NotEmpty(files);
        string[] tooLong = [.. files.Where(path => File.ReadLines(SourceTree.PathOf(path)).Count() > MostLines)];

        Expect.Nothing(tooLong);
    }

    [Fact]
    public void The_product_has_no_gaps_left_for_later()
    {
        string[] files = [.. SourceTree.Files("src", ".cs")];
        Assert.NotEmpty(files);
        string[] gaps =
        [
            .. from path in files
               from line in File.ReadLines(SourceTree.PathOf(path)).Index()
               where Gap().IsMatch(line.Item)
               select $"{path}:{line.Index + 1}: {line.Item.Trim()}",
        ];

        Expect.Nothing(gaps);
    }

    [Fact]
    public void Every_file_with_an_interpreter_line_can_be_executed()
    {
        string[] scripts = [.. TrackedTexts().Where(it => it.Text.StartsWith("#!", StringComparison.Ordinal)).Select(it => it.Path)];
        Assert.Contains("test", scripts);
        Assert.Contains(".ci/run", scripts);
        string[] notExecutable = [.. scripts.Where(path => Command.Run("test", ["-x", SourceTree.PathOf(path)]).ExitCode != 0)];

        Expect.Nothing(notExecutable);
    }

    [Fact]
    public void No_file_names_a_machines_own_paths()
    {
        string[] odd = [.. TrackedTexts()
            .Where(it => !it.Path.StartsWith("tests/testdata/", StringComparison.Ordinal) && MachinePath().IsMatch(it.Text))
            .Select(it => $"{it.Path}: {MachinePath().Match(it.Text).Value}")];

        Expect.Nothing(odd);
    }

    [Fact]
    public void Lock_files_and_settings_name_no_host_to_load_packages_from()
    {
        string[] odd =
        [
            .. TrackedTexts()
                .Where(it => it.Path.EndsWith(".lock.json", StringComparison.Ordinal) || it.Path.EndsWith("proj", StringComparison.Ordinal)
                    || it.Path.EndsWith(".props", StringComparison.Ordinal) || it.Path.Contains("nuget.config", StringComparison.OrdinalIgnoreCase))
                .Where(it => it.Text.Contains("://", StringComparison.Ordinal))
                .Select(it => it.Path),
        ];

        Expect.Nothing(odd);
    }

    static IEnumerable<(string Path, string Text)> TrackedTexts()
    {
        // New files count before they are added; what is ignored does not.
        CommandResult git = Command.Run("/usr/bin/env", ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        string[] paths = git.ExitCode == 0
            ? [.. git.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(path => File.Exists(SourceTree.PathOf(path)))]
            : [.. SourceTree.Files("", "")];
        Assert.NotEmpty(paths);
        return paths.Select(path => (path, File.ReadAllText(SourceTree.PathOf(path))));
    }

    // In parts, so that this file does not find itself.
    [GeneratedRegex(@"\b(TO" + "DO|FIX" + "ME|XXX)\b|NotImplemented" + "Exception")]
    private static partial Regex Gap();

    [GeneratedRegex(@"(?<![\w/$}.])/(home|Users)/[a-z][\w.-]*/|(?<![\w/$}.])/work" + "/")]
    private static partial Regex MachinePath();
}
