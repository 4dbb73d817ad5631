using System.Runtime.CompilerServices;
using System.Text;

namespace Caisson.Oci.Tests;

/// <summary>Files of tests/testdata/oci; with CAISSON_ACCEPT=1 golden files are written anew.</summary>
static class TestData
{
    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    public static void AssertGolden(string name, IEnumerable<Problem> problems)
    {
        var text = new StringBuilder();
        foreach (Problem problem in problems)
        {
            text.Append(problem.Severity).Append(' ').Append(problem).Append('\n');
        }

        if (Environment.GetEnvironmentVariable("CAISSON_ACCEPT") == "1")
        {
            File.WriteAllText(PathOf(name), text.ToString());
        }

        Assert.Equal(File.ReadAllText(PathOf(name)), text.ToString());
    }

    static string PathOf(string name, [CallerFilePath] string self = "") =>
        Path.Combine(Path.GetDirectoryName(self)!, "..", "testdata", "oci", name);
}
