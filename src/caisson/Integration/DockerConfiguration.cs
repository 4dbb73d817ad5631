using System.Text.Json;
using System.Text.Json.Nodes;
using Caisson.Containers;

namespace Caisson.Cli.Integration;

/// <summary>
/// dockerd's daemon.json with our runtimes added or taken out; all else in it stays, in its order. Pure: text in, text out.
/// </summary>
static class DockerConfiguration
{
    const string RuntimesKey = "runtimes";

    /// <summary>Registers each runtime; one that is there with the same path stays as it is, with its other settings.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="text">The file's; null where there is none.</param>
    /// <param name="runtimes">Name and path of each.</param>
    public static string Add(string file, string? text, IEnumerable<(string Name, string Path)> runtimes)
    {
        JsonObject root = Parse(file, text);
        JsonObject known = Runtimes(file, root) ?? [];
        root[RuntimesKey] = known;
        foreach ((string name, string path) in runtimes)
        {
            string other = PathOf(known[name]);
            if (other == path)
            {
                continue;
            }

            // Ours from another directory moves; somebody else's runtime is not ours to replace: nothing could bring it back.
            if (known[name] is not null && Path.GetFileName(other) is not ("caisson" or "caisson-plain"))
            {
                throw new UserError(
                    $"'{file}' has a runtime \"{name}\" already, {(other.Length == 0 ? "without a path" : $"'{other}'")}",
                    $"take \"{name}\" out of the file first, or choose another name");
            }

            known[name] = new JsonObject { ["path"] = path };
        }

        return Render(root);
    }

    /// <summary>Takes out every runtime with one of the paths, whatever it is called; null where nothing is left.</summary>
    public static string? Remove(string file, string text, IReadOnlyCollection<string> paths)
    {
        JsonObject root = WithoutRuntimes(file, text, paths, out bool removed);
        if (removed && Runtimes(file, root) is { Count: 0 })
        {
            root.Remove(RuntimesKey);
        }

        return root.Count == 0 ? null : Render(root);
    }

    /// <summary>
    /// As <see cref="Remove"/>, but with an empty list where none is left: a running dockerd forgets runtimes only if the
    /// file that it reads again has such a list.
    /// </summary>
    public static string RemoveButKeepList(string file, string text, IReadOnlyCollection<string> paths) =>
        Render(WithoutRuntimes(file, text, paths, out _));

    static JsonObject WithoutRuntimes(string file, string text, IReadOnlyCollection<string> paths, out bool removed)
    {
        JsonObject root = Parse(file, text);
        JsonObject known = Runtimes(file, root) ?? [];
        string[] ours = [.. known.Where(entry => paths.Contains(PathOf(entry.Value))).Select(entry => entry.Key)];
        if (root["default-runtime"] is JsonValue value && value.TryGetValue(out string? standard) && ours.Contains(standard))
        {
            throw new UserError(
                $"Docker's default runtime is \"{standard}\"", $"take \"default-runtime\" out of '{file}' first, then call again");
        }

        Array.ForEach(ours, name => known.Remove(name));
        removed = ours.Length > 0;
        return root;
    }

    static string PathOf(JsonNode? runtime) =>
        (runtime as JsonObject)?["path"] is JsonValue value && value.TryGetValue(out string? path) ? path : "";

    static JsonObject Parse(string file, string? text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text)
                ? []
                : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                    ?? throw Unfit(file, "it is not an object");
        }
        catch (JsonException failure)
        {
            throw Unfit(file, failure is { LineNumber: { } line, BytePositionInLine: { } position }
                ? $"line {line + 1}, byte {position + 1} is no JSON"
                : "a name stands twice in it");
        }
    }

    static JsonObject? Runtimes(string file, JsonObject root) => root[RuntimesKey] switch
    {
        null => null,
        JsonObject runtimes => runtimes,
        _ => throw Unfit(file, "\"runtimes\" is not an object"),
    };

    static UserError Unfit(string file, string why) =>
        new($"'{file}' cannot be changed: {why}", $"mend the file first: dockerd --validate --config-file={file} tells more");

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
