namespace Caisson.Containers.Probes;

/// <summary>How good or bad a finding is.</summary>
public enum Verdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing is to be done.</summary>
    Note,

    /// <summary>Something that some people want will not work.</summary>
    Warning,

    /// <summary>System containers will not work.</summary>
    Missing,
}

/// <summary>What was found when something was tried.</summary>
/// <param name="Verdict">How good that is.</param>
/// <param name="Found">What was seen, in a few words.</param>
/// <param name="Means">What it means for the person; null where all is well.</param>
/// <param name="Remedy">A command to copy, or what to do.</param>
public sealed record Finding(Verdict Verdict, string Found, string? Means = null, string? Remedy = null)
{
    public static Finding Ok(string found) => new(Verdict.Ok, found);

    public static Finding Note(string found, string? means = null, string? remedy = null) => new(Verdict.Note, found, means, remedy);

    public static Finding Warning(string found, string means, string remedy) => new(Verdict.Warning, found, means, remedy);

    public static Finding Missing(string found, string means, string remedy) => new(Verdict.Missing, found, means, remedy);
}
