namespace Caisson.Containers.Options;

/// <summary>What a system container can be asked for beyond its spec: one row of the table.</summary>
/// <param name="Name">The annotation is io.caisson.NAME, the variable CAISSON_NAME in capitals, with _ for -.</param>
/// <param name="Values">What may be given, for messages and the document.</param>
/// <param name="Default">What holds without it.</param>
/// <param name="What">For the document.</param>
/// <param name="Sysbox">Sysbox's variable that means the same, and what its values are here; null for none.</param>
public sealed record ContainerOption(string Name, string Values, string Default, string What, SysboxName? Sysbox = null)
{
    public string Annotation => ContainerOptions.AnnotationPrefix + Name;

    /// <summary>What is wrong with a value, as the end of a sentence that begins with the name.</summary>
    public string Misfit(string value) => $"is {Values.Replace(", ", " or ", StringComparison.Ordinal)}, not \"{value}\"";

    public string Variable => ContainerOptions.VariablePrefix + Name.ToUpperInvariant().Replace('-', '_');
}

/// <summary>A variable of Sysbox's.</summary>
/// <param name="Variable">Its name.</param>
/// <param name="Translate">Its value in our words; null where it is none.</param>
public sealed record SysboxName(string Variable, Func<string, string?> Translate);

/// <summary>A variable of Sysbox's that changes nothing here, and why.</summary>
public sealed record UnusedName(string Variable, string Reason);
