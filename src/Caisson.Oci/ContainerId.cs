using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Caisson.Oci;

/// <summary>A container's id; being also the name of a directory it has runc's characters only.</summary>
public readonly record struct ContainerId
{
    const int Longest = 1024;

    static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+.-");

    readonly string? _text;

    ContainerId(string text) => _text = text;

    /// <summary>The id or, with a false answer, what is wrong with it.</summary>
    public static bool TryParse(string? text, out ContainerId id, [NotNullWhen(false)] out Problem? problem)
    {
        problem = Judge(text ?? "");
        id = problem is null ? new ContainerId(text!) : default;
        return problem is null;
    }

    /// <summary>Empty for the default value, which is no container's.</summary>
    public string Value => _text ?? "";

    public override string ToString() => Value;

    static Problem? Judge(string text)
    {
        if (text.Length == 0)
        {
            return new Problem("", "the container id is empty", "name the container");
        }

        if (text.Length > Longest)
        {
            return new Problem("", $"the container id has more than {Longest} characters", "shorten it");
        }

        if (text is "." or "..")
        {
            return new Problem("", $"'{text}' cannot be a container id", "add a letter or a digit");
        }

        int wrong = text.AsSpan().IndexOfAnyExcept(Allowed);
        return wrong < 0 ? null : new Problem("", $"the container id holds {Show(text[wrong])} at position {wrong + 1}",
            "use letters, digits and _ + . - only");
    }

    static string Show(char c) => c is > ' ' and < '\x7f' ? $"'{c}'" : $"U+{(int)c:X4}";
}
