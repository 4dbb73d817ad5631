namespace Caisson.Oci;

/// <summary>A document cannot be read, or was read and must not be used.</summary>
public sealed class SpecException(IReadOnlyList<Problem> problems) : Exception
{
    /// <summary>What the document is called, for messages.</summary>
    public string Document { get; init; } = "config.json";

    /// <summary>At least one, in the order of the document.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;

    /// <summary>All problems on one line.</summary>
    public override string Message => string.Join("; ", Problems);
}
