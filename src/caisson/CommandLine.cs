namespace Caisson.Cli;

/// <summary>One option of a command.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Short">One letter, or '\0'.</param>
/// <param name="Value">What its value is called in help; null for a switch.</param>
/// <param name="Help">One line.</param>
sealed record Option(string Name, char Short, string? Value, string Help);

/// <summary>
/// Parses as runc does: before a container's own command, whose options are left alone, options end at the first argument that
/// is none (<see cref="Command.OptionsComeFirst"/>); elsewhere they may stand anywhere. <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>, and one dash for long
/// names, too.
/// </summary>
sealed class CommandLine
{
    readonly Dictionary<string, List<string>> _values = [];

    CommandLine(IReadOnlyList<string> rest) => Rest = rest;

    /// <summary>What follows the options.</summary>
    public IReadOnlyList<string> Rest { get; private set; }

    public bool Has(string name) => _values.ContainsKey(name) && _values[name][^1] != "false";

    /// <summary>The last one given.</summary>
    public string? Value(string name) => _values.TryGetValue(name, out List<string>? values) ? values[^1] : null;

    public IReadOnlyList<string> Values(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    public int Number(string name, int otherwise) => Value(name) is not { } text
        ? otherwise
        : int.TryParse(text, out int number) && number >= 0 ? number : throw new UsageException($"--{name}: \"{text}\" is not a number");

    /// <param name="arguments">Of the command.</param>
    /// <param name="options">That it knows.</param>
    /// <param name="anywhere">Options may also follow other arguments, up to "--".</param>
    public static CommandLine Parse(IReadOnlyList<string> arguments, IReadOnlyList<Option> options, bool anywhere = false)
    {
        CommandLine line = new([]);
        List<string> rest = [];
        int at = 0;
        while (at < arguments.Count)
        {
            string argument = arguments[at];
            bool isOption = argument.Length > 1 && argument[0] == '-';
            if (!isOption && !anywhere)
            {
                break;
            }

            at++;
            if (argument == "--")
            {
                break;
            }

            if (isOption)
            {
                line.Take(argument, options, () => at < arguments.Count ? arguments[at++] : null);
            }
            else
            {
                rest.Add(argument);
            }
        }

        line.Rest = [.. rest, .. arguments.Skip(at)];
        return line;
    }

    /// <summary>The last argument, alone: what most commands take.</summary>
    public string Only(string what) => Rest.Count == 1
        ? Rest[0]
        : throw new UsageException(Rest.Count == 0 ? $"{what} is missing" : $"only {what} is expected, not also \"{Rest[1]}\"");

    void Take(string argument, IReadOnlyList<Option> options, Func<string?> next)
    {
        string text = argument.TrimStart('-');
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        string? value = equals < 0 ? null : text[(equals + 1)..];
        Option? option = options.FirstOrDefault(known => known.Name == name || (name.Length == 1 && known.Short == name[0]));
        if (option is null && !argument.StartsWith("--", StringComparison.Ordinal) && name.Length > 1
            && name.All(letter => options.Any(known => known.Short == letter && known.Value is null)))
        {
            // Switches in one word: -it.
            foreach (char letter in name)
            {
                Add(options.First(known => known.Short == letter).Name, "true");
            }

            return;
        }

        if (option is null)
        {
            throw new UsageException($"unknown option {argument}");
        }

        if (option.Value is null)
        {
            Add(option.Name, value ?? "true");
        }
        else
        {
            Add(option.Name, value ?? next() ?? throw new UsageException($"--{option.Name} needs a value: {option.Value}"));
        }
    }

    void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out List<string>? values))
        {
            _values.Add(name, values = []);
        }

        values.Add(value);
    }
}

/// <summary>The command line is not understood; the caller's mistake, told in one line.</summary>
sealed class UsageException(string message) : Exception(message);
