using Caisson.Oci;

namespace Caisson.Cli;

/// <summary>All problems of a document in one message: a line each, with its place, where there are several.</summary>
static class Problems
{
    public static string Render(string document, IReadOnlyList<Problem> problems) => problems.Count == 1
        ? $"{document}: {Line(problems[0])}"
        : $"{document} has {problems.Count} problems:\n{string.Join('\n', problems.Select(problem => $"  {Line(problem)} ({problem.Remedy})"))}";

    static string Line(Problem problem) => problem.Pointer.Length == 0 ? problem.Message : $"{problem.Pointer}: {problem.Message}";
}
