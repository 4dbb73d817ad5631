namespace Caisson.Tests;

/// <summary>Texts of the repository that a test compares with; CAISSON_ACCEPT=1 writes them anew for review.</summary>
static class Golden
{
    public static string PathOf(string name) => SourceTree.PathOf($"tests/testdata/{name}");

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static string Text(string name) => File.ReadAllText(PathOf(name));

    public static void AssertEqual(string name, string text) => AssertSame($"tests/testdata/{name}", text);

    /// <summary>A document that is made from a table in the code.</summary>
    public static void AssertDocument(string path, string text) => AssertSame(path, text);

    /// <summary>A part of a document, between comments <c>begin NAME</c> and <c>end NAME</c>, that is made from a table in the code.</summary>
    public static void AssertSection(string path, string name, string text)
    {
        string document = File.ReadAllText(SourceTree.PathOf(path));
        string begin = $"<!-- begin {name}: made by a test, CAISSON_ACCEPT=1 writes it anew -->\n";
        int start = document.IndexOf(begin, StringComparison.Ordinal);
        int end = document.IndexOf($"<!-- end {name} -->", StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"{path} has no section {name}");
        AssertSame(path, document[..(start + begin.Length)] + text + document[end..]);
    }

    static void AssertSame(string path, string text)
    {
        string file = SourceTree.PathOf(path);
        if (Environment.GetEnvironmentVariable("CAISSON_ACCEPT") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{path} is missing; CAISSON_ACCEPT=1 writes it");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
