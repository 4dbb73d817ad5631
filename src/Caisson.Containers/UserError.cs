namespace Caisson.Containers;

/// <summary>Something that the caller can put right: what is wrong, and what to do about it.</summary>
public sealed class UserError(string what, string remedy) : Exception(what)
{
    /// <summary>A flag, a file, a sysctl, a package: printed after "hint: ".</summary>
    public string Remedy { get; } = remedy;
}
