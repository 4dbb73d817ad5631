namespace Caisson.Oci;

/// <summary>Problems on their way out of a validation.</summary>
sealed class Findings
{
    readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public void Error(string at, string message, string remedy) => _problems.Add(new Problem(at, message, remedy));

    public void Warning(string at, string message, string remedy) =>
        _problems.Add(new Problem(at, message, remedy, Severity.Warning));

    /// <summary>
    /// The kernel ends a string at NUL: <c>/safe\0/../etc</c> is one path to a check here and another to the call.
    /// </summary>
    public void NoNul(string? value, string at)
    {
        if (value is not null && value.Contains('\0'))
        {
            Error(at, "contains a NUL character", "remove \\u0000");
        }
    }

    public void NoNul(string[]? values, string at)
    {
        for (int i = 0; i < values?.Length; i++)
        {
            if (values[i].Contains('\0'))
            {
                NoNul(values[i], $"{at}/{i}");
            }
        }
    }

    public void NoNul(IReadOnlyDictionary<string, string>? values, string at)
    {
        foreach ((string name, string value) in values ?? new Dictionary<string, string>())
        {
            if (name.Contains('\0') || value.Contains('\0'))
            {
                NoNul(name + value, $"{at}/{Problem.Step(name)}");
            }
        }
    }

    /// <summary>An absolute path without NUL.</summary>
    public void Absolute(string path, string at, string what)
    {
        if (path.Length == 0)
        {
            Error(at, $"{what} is missing", "give an absolute path");
        }
        else if (path[0] != '/')
        {
            Error(at, $"{what} '{path}' is not absolute", "let it begin with /");
        }

        NoNul(path, at);
    }

    /// <summary>One of the names of a table.</summary>
    public void OneOf(string value, ReadOnlySpan<string> names, string at, string what)
    {
        if (!names.Contains(value))
        {
            Error(at, value.Length == 0 ? $"{what} is missing" : $"unknown {what} '{value}'", $"use {List(names)}");
        }
    }

    public void AllOf(string[]? values, ReadOnlySpan<string> names, string at, string what)
    {
        for (int i = 0; i < values?.Length; i++)
        {
            if (!names.Contains(values[i]))
            {
                OneOf(values[i], names, $"{at}/{i}", what);
            }
        }
    }

    static string List(ReadOnlySpan<string> names) =>
        names.Length == 1 ? names[0] : $"one of {string.Join(", ", names)}";
}
