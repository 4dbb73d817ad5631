using System.Text.Json;
using Caisson.Containers.Ids;
using Caisson.Containers.Options;
using Caisson.Oci;

namespace Caisson.Containers.Configuration;

/// <summary>Reads the host's configuration: all problems at once, each with its place. Pure: text in, values out.</summary>
public static class ConfigurationReader
{
    /// <param name="file">For messages.</param>
    /// <param name="text">The document.</param>
    /// <exception cref="SpecException">What is wrong.</exception>
    public static HostConfiguration Parse(string file, string text)
    {
        List<Problem> problems = [];
        Dictionary<ConfigurationKey, string> values = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Read(document.RootElement, "", values, problems);
        }
        catch (JsonException failure)
        {
            problems.Add(new Problem("", $"line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1} is no JSON", "see docs/configuration.md"));
        }

        CheckIds(values, problems);
        CheckOptions(values, problems);
        return problems.Count == 0 ? new HostConfiguration(values) : throw new SpecException(problems) { Document = file };
    }

    // Objects lead to keys; what leads to none is not known.
    static void Read(JsonElement element, string path, Dictionary<ConfigurationKey, string> values, List<Problem> problems)
    {
        string pointer = path.Length == 0 ? "" : $"/{path.Replace('.', '/')}";
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem(pointer, $"expected an object, found {Word(element)}", "see docs/configuration.md"));
            return;
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (name == "$schema")
            {
                // For editors.
                continue;
            }

            if (ConfigurationTable.All.FirstOrDefault(key => key.Name == name) is { } known)
            {
                string? value = Value(member.Value, known);
                if (value is null)
                {
                    problems.Add(new Problem(known.Place, $"expected {known.Values}, found {Word(member.Value)}", "write it so, or leave it out"));
                }
                else
                {
                    values[known] = value;
                }
            }
            else if (ConfigurationTable.All.Any(key => key.Name.StartsWith($"{name}.", StringComparison.Ordinal)))
            {
                Read(member.Value, name, values, problems);
            }
            else
            {
                IEnumerable<string> siblings = ConfigurationTable.All
                    .Where(key => path.Length == 0 || key.Name.StartsWith($"{path}.", StringComparison.Ordinal))
                    .Select(key => key.Name[(path.Length == 0 ? 0 : path.Length + 1)..].Split('.')[0]).Distinct();
                problems.Add(new Problem($"{pointer}/{Problem.Step(member.Name)}", "is not known", $"known here: {string.Join(", ", siblings)}"));
            }
        }
    }

    static string? Value(JsonElement element, ConfigurationKey key) => (key.Kind, element.ValueKind) switch
    {
        (ConfigurationKind.Path, JsonValueKind.String) when element.GetString() is ['/', _, ..] path && !path.Contains('\0') => path.TrimEnd('/'),
        (ConfigurationKind.Number, JsonValueKind.Number) when element.TryGetUInt32(out uint number) => $"{number}",
        (ConfigurationKind.Option, JsonValueKind.String) => element.GetString(),
        (ConfigurationKind.Option, JsonValueKind.Number) => element.GetRawText(),
        _ => null,
    };

    static string Word(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => $"\"{element.GetString()}\"",
        _ => element.GetRawText(),
    };

    static void CheckIds(Dictionary<ConfigurationKey, string> values, List<Problem> problems)
    {
        bool hasStart = values.TryGetValue(ConfigurationTable.FirstId, out string? start);
        if (hasStart != values.TryGetValue(ConfigurationTable.IdCount, out string? count))
        {
            problems.Add(new Problem("/ids", "has only one of start and count", "give both, or none"));
        }
        else if (hasStart && (uint.Parse(start!) < IdRangePlanner.DefaultSize || uint.Parse(count!) < IdRangePlanner.DefaultSize))
        {
            problems.Add(new Problem("/ids", "start and count are numbers from 65536", "lower ids belong to the host's users"));
        }
        else if (hasStart && ulong.Parse(start!) + ulong.Parse(count!) > uint.MaxValue)
        {
            problems.Add(new Problem("/ids", "ends above 4294967295", "give less"));
        }
    }

    // By the reader that a container's own go through.
    static void CheckOptions(Dictionary<ConfigurationKey, string> values, List<Problem> problems)
    {
        foreach ((ConfigurationKey key, string value) in values.Where(it => it.Key.Kind == ConfigurationKind.Option))
        {
            string annotation = ContainerOptions.AnnotationPrefix + key.Name[ConfigurationTable.OptionsPrefix.Length..];
            try
            {
                ContainerOptions.Read(new Spec { Annotations = new Dictionary<string, string> { [annotation] = value } }, static _ => { });
            }
            catch (UserError)
            {
                problems.Add(new Problem(key.Place, $"is {key.Values.Replace(", ", " or ", StringComparison.Ordinal)}, not \"{value}\"", "write it so, or leave it out"));
            }
        }
    }
}
