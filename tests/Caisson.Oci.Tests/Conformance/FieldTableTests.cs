using System.Text;
using Caisson.Tests;

namespace Caisson.Oci.Tests.Conformance;

/// <summary>docs/conformance.md says of every member what is done with it.</summary>
public sealed class FieldTableTests
{
    [Fact]
    public void EveryMemberHasARow_AndEveryRowAMember()
    {
        string[] members = [.. MembersOf(SpecShape.Of(OciDocument.Spec), "")];
        string[] leaves = [.. members.Where(member => !members.Any(other => IsBelow(other, member)))];
        Expect.Nothing([.. leaves.Where(leaf => !FieldTable.Rows.Any(row => row.Path == leaf || IsBelow(leaf, row.Path)))]);
        Expect.Nothing([.. FieldTable.Rows.Select(row => row.Path).Where(path => !members.Contains(path))]);
        Expect.Nothing([.. FieldTable.Rows.GroupBy(row => row.Path).Where(rows => rows.Count() > 1).Select(rows => rows.Key)]);
    }

    [Fact]
    public void WhatIsDone_IsNamedInATest()
    {
        Dictionary<string, string> tests = SourceTree.Files("tests", "Tests.cs").GroupBy(file => Path.GetFileNameWithoutExtension(file))
            .ToDictionary(files => files.Key, files => string.Concat(files.Select(file => File.ReadAllText(SourceTree.PathOf(file)))));
        Expect.Nothing([.. FieldTable.Rows.Where(row => row.State != FieldState.NotDone && row.Proof.Length == 0).Select(row => $"{row.Path}: no test")]);
        Expect.Nothing([.. FieldTable.Rows.SelectMany(row => row.Proof).Where(name => !tests.ContainsKey(name)).Select(name => $"there is no {name}")]);
        Expect.Nothing(
        [
            .. FieldTable.Rows.Where(row => row.Proof.Length > 0 && !row.Proof.Any(name => tests.GetValueOrDefault(name, "").Contains(NameOf(row), StringComparison.OrdinalIgnoreCase)))
                .Select(row => $"{row.Path}: no word of it in {string.Join(", ", row.Proof)}"),
        ]);
    }

    [Fact]
    public void TheDocument_IsTheTable()
    {
        StringBuilder text = new("| member | state | | tests |\n| --- | --- | --- | --- |\n");
        foreach (FieldRow row in FieldTable.Rows)
        {
            string state = row.State switch { FieldState.Done => "done", FieldState.Differs => "differs", _ => "not done" };
            text.Append($"| `{row.Path}` | {state} | {row.Remark} | {string.Join(", ", row.Proof)} |\n");
        }

        Golden.AssertSection("docs/conformance.md", "fields", text.ToString());
    }

    static IEnumerable<string> MembersOf(Shape shape, string at) => shape.Kind switch
    {
        ShapeKind.Object => shape.Members!.SelectMany(member => MembersOf(member.Value, $"{at}/{member.Key}").Prepend($"{at}/{member.Key}")),
        ShapeKind.List => MembersOf(shape.Element!, $"{at}[]").Prepend($"{at}[]"),
        ShapeKind.Map => MembersOf(shape.Element!, $"{at}{{}}").Prepend($"{at}{{}}"),
        _ => [],
    };

    static bool IsBelow(string path, string other) =>
        path.Length > other.Length && path.StartsWith(other, StringComparison.Ordinal) && path[other.Length] is '/' or '[' or '{';

    static string NameOf(FieldRow row) => row.Path[(row.Path.LastIndexOf('/') + 1)..].TrimEnd('[', ']', '{', '}');
}
