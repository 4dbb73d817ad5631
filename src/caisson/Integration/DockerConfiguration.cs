using System.Text.Json;
using System.Text.Json.Nodes;
using Caisson.Containers;

namespace Caisson.Cli.Integration;

/// <summary>
/// dockerd's daemon.json with our runtimes added or taken out; all else in it stays. Pure: text in, text out.
/// </summary>
static class DockerConfiguration
{
    const string RuntimesKey = "runtimes";

    /// <param name="text">The file's; null where there is none.</param>
    /// <param name="runtimes">Name and path of each.</param>
    public static string Add(string? text, IEnumerable<(string Name, string Path)> runtimes)
    {
        JsonObject root = Parse(text);
        JsonObject known = Runtimes(root) ?? [];
        root[RuntimesKey] = known;
        foreach ((string name, string path) in runtimes)
        {
            known[name] = new JsonObject { ["path"] = path };
        }

        return Render(root);
    }

    /// <summary>Takes out every runtime with one of the paths, whatever it is called; null where nothing is left.</summary>
    public static string? Remove(string? text, IReadOnlyCollection<string> paths)
    {
        JsonObject root = Parse(text);
        if (Runtimes(root) is { } known)
        {
            string[] ours = [.. known.Where(entry => entry.Value is JsonObject runtime && paths.Contains(PathOf(runtime))).Select(entry => entry.Key)];
            string? standard = root["default-runtime"]?.GetValue<string>();
            if (ours.Contains(standard))
            {
                throw new UserError(
                    $"Docker's default runtime is \"{standard}\"", "take \"default-runtime\" out of daemon.json first, then call again");
            }

            Array.ForEach(ours, name => known.Remove(name));
            if (known.Count == 0)
            {
                root.Remove(RuntimesKey);
            }
        }

        return root.Count == 0 ? null : Render(root);
    }

    static string PathOf(JsonObject runtime) =>
        runtime["path"] is JsonValue value && value.TryGetValue(out string? path) ? path : "";

    static JsonObject Parse(string? text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? [] : JsonNode.Parse(text) as JsonObject ?? throw Unfit("it is not an object");
        }
        catch (JsonException failure)
        {
            throw Unfit($"line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1} is no JSON");
        }
    }

    static JsonObject? Runtimes(JsonObject root) => root[RuntimesKey] switch
    {
        null => null,
        JsonObject runtimes => runtimes,
        _ => throw Unfit("\"runtimes\" is not an object"),
    };

    static UserError Unfit(string why) => new($"daemon.json cannot be changed: {why}", "mend the file first: dockerd --validate --config-file=FILE tells more");

    static string Render(JsonObject root)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            root.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
