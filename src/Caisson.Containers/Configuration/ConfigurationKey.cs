using Caisson.Containers.Options;

namespace Caisson.Containers.Configuration;

/// <summary>One thing that can be set for the whole host: a row of the table.</summary>
/// <param name="Name">Its members in the document, with dots between them: <c>ids.start</c>.</param>
/// <param name="Kind">What is written there.</param>
/// <param name="Values">The same in words, for messages and documents.</param>
/// <param name="Default">What holds without it.</param>
/// <param name="What">For documents.</param>
public sealed record ConfigurationKey(string Name, ConfigurationKind Kind, string Values, string Default, string What)
{
    /// <summary>One for containers that are not given the option.</summary>
    public static ConfigurationKey Of(ContainerOption option) => new(
        $"options.{option.Name}", ConfigurationKind.Option, option.Values, option.Default,
        $"For containers that are not given {option.Annotation} in any way. {option.What}")
    {
        Option = option,
    };

    /// <summary>Null for what is the host's own.</summary>
    public ContainerOption? Option { get; private init; }

    /// <summary>Its JSON pointer.</summary>
    public string Place => $"/{Name.Replace('.', '/')}";
}

/// <summary>What a value of the document is.</summary>
public enum ConfigurationKind
{
    /// <summary>An absolute path.</summary>
    Path,

    /// <summary>A number of 32 bits.</summary>
    Number,

    /// <summary>What an option of a container takes: a text, or a number.</summary>
    Option,
}
