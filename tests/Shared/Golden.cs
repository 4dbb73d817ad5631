namespace Caisson.Tests;

/// <summary>Texts below tests/testdata that a test compares with; CAISSON_ACCEPT=1 writes them anew for review.</summary>
static class Golden
{
    public static string PathOf(string name) => SourceTree.PathOf($"tests/testdata/{name}");

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static string Text(string name) => File.ReadAllText(PathOf(name));

    public static void AssertEqual(string name, string text)
    {
        if (Environment.GetEnvironmentVariable("CAISSON_ACCEPT") == "1")
        {
            File.WriteAllText(PathOf(name), text);
        }

        Assert.True(File.Exists(PathOf(name)), $"tests/testdata/{name} is missing; CAISSON_ACCEPT=1 writes it");
        Assert.Equal(File.ReadAllText(PathOf(name)), text);
    }
}
