namespace Caisson.Tests;

/// <summary>Assertions whose failure shows all of what was found.</summary>
static class Expect
{
    public static void Nothing(IReadOnlyCollection<string> found) =>
        Assert.True(found.Count == 0, $"{found.Count} found:\n{string.Join('\n', found)}");
}
