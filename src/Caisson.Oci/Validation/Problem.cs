using System.Diagnostics.CodeAnalysis;

namespace Caisson.Oci;

/// <summary>One thing wrong with a document.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901), such as <c>/linux/uidMappings/0/size</c>; empty for all.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Severity">Whether it ends the command.</param>
[SuppressMessage("Naming", "CA1720", Justification = "JSON pointer is the name of the thing.")]
public sealed record Problem(string Pointer, string Message, string Remedy, Severity Severity = Severity.Error)
{
    /// <summary><c>/process/cwd: expected a string, found a number (write a string in quotes)</c>.</summary>
    public override string ToString() => $"{(Pointer.Length == 0 ? "document" : Pointer)}: {Message} ({Remedy})";

    /// <summary>A member's name as one step of a pointer.</summary>
    public static string Step(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
