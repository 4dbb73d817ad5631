using System.Runtime.CompilerServices;

namespace Caisson.Tests;

/// <summary>Where this repository lies on the machine that the tests were built on.</summary>
static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>All files with this ending below a directory, without what builds leave there.</summary>
    public static IEnumerable<string> Files(string directory, string ending) =>
        Directory.EnumerateFiles(PathOf(directory), $"*{ending}", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or "out" or ".git"))
            .Order(StringComparer.Ordinal);

    static string FindRoot([CallerFilePath] string self = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(self)!, "..", ".."));
}
