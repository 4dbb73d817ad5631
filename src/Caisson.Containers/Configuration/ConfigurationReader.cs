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
        catch (InvalidOperationException)
        {
            problems.Add(new Problem("", "it has a string with half of a surrogate pair", "correct it"));
        }

        CheckIds(values, problems);
        CheckOptions(values, problems);
        return problems.Count == 0 ? new HostConfiguration(values) : throw new SpecException(problems) { Document = file };
    }

    // Objects lead to keys; what leads to none is not known.
    static void Read(JsonElement element, string prefix, Dictionary<ConfigurationKey, string> values, List<Problem> problems)
    {
        string place = $"/{prefix.Replace('.', '/')}".TrimEnd('/');
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem(place, $"expected an object, found {Word(element)}", "see docs/configuration.md"));
            return;
        }

        string[] known = [.. ConfigurationTable.MembersOf(prefix)];
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = prefix + member.Name;
            if (name == "$schema")
            {
                // For editors.
            }
            else if (!known.Contains(member.Name))
            {
                problems.Add(new Problem($"{place}/{Problem.Step(member.Name)}", "is not known", $"known here: {string.Join(", ", known)}"));
            }
            else if (ConfigurationTable.Find(name) is not { } key)
            {
                Read(member.Value, $"{name}.", values, problems);
            }
            else if (Value(member.Value, key) is { } value)
            {
                values[key] = value;
            }
            else
            {
                problems.Add(new Problem(key.Place, $"expected {key.Values}, found {Word(member.Value)}", "write it so, or leave it out"));
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
        foreach ((ConfigurationKey key, string value) in values)
        {
            if (key.Option is not { } option)
            {
                continue;
            }

            try
            {
                ContainerOptions.Read(new Spec { Annotations = new Dictionary<string, string> { [option.Annotation] = value } }, static _ => { });
            }
            catch (UserError)
            {
                problems.Add(new Problem(key.Place, option.Misfit(value), "write it so, or leave it out"));
            }
        }
    }
}
