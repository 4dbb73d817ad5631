namespace Caisson.Oci;

/// <summary>
/// Engines are written in Go, where an empty string and an absent member are the same thing;
/// the records keep one form, null, so that consumers test for one.
/// </summary>
static class Absent
{
    public static string? IfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
