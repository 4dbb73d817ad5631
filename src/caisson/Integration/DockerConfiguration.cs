using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Caisson.Containers;

namespace Caisson.Cli.Integration;

/// <summary>
/// dockerd's daemon.json with our runtimes added or taken out; all else in it stays, in its order. Pure: text in, text out.
/// </summary>
static class DockerConfiguration
{
    public const string UsualPlace = "/etc/docker/daemon.json";

    const string RuntimesKey = "runtimes";

    /// <summary>Registers each runtime; one that is there with the same path stays as it is, with its other settings.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="text">The file's; null where there is none.</param>
    /// <param name="runtimes">Name and path of each.</param>
    public static string Add(string file, string? text, IEnumerable<(string Name, string Path)> runtimes)
    {
        using JsonDocument document = Parse(file, text);
        List<Runtime> known = Runtimes(file, document.RootElement) ?? [];
        foreach ((string name, string path) in runtimes)
        {
            int at = known.FindIndex(runtime => runtime.Name == name);
            if (at < 0)
            {
                known.Add(new Runtime(name, path, null));
            }
            else if (known[at].Path != path)
            {
                known[at] = Moved(file, known[at], path);
            }
        }

        return Render(document.RootElement, known);
    }

    /// <summary>Takes out every runtime with one of the paths, whatever it is called; null where nothing is left.</summary>
    public static string? Remove(string file, string text, IReadOnlyCollection<string> paths)
    {
        using JsonDocument document = Parse(file, text);
        JsonElement root = document.RootElement;
        List<Runtime>? known = Runtimes(file, root);
        if (Remove(file, root, known, paths) && known is { Count: 0 })
        {
            known = null;
        }

        bool isEmpty = known is null && !root.EnumerateObject().Any(member => member.Name != RuntimesKey);
        return isEmpty ? null : Render(root, known);
    }

    /// <summary>
    /// As <see cref="Remove(string, string, IReadOnlyCollection{string})"/>, but with an empty list where none is left: a
    /// running dockerd forgets runtimes only if the file that it reads again has such a list.
    /// </summary>
    public static string RemoveButKeepList(string file, string text, IReadOnlyCollection<string> paths)
    {
        using JsonDocument document = Parse(file, text);
        List<Runtime>? known = Runtimes(file, document.RootElement);
        _ = Remove(file, document.RootElement, known, paths);
        return Render(document.RootElement, known);
    }

    /// <summary>The runtimes that are a program of ours, by their names, with its path.</summary>
    public static IReadOnlyDictionary<string, string> OwnRuntimes(string file, string? text)
    {
        using JsonDocument document = Parse(file, text);
        return (Runtimes(file, document.RootElement) ?? []).Where(IsOurs).ToDictionary(runtime => runtime.Name, runtime => runtime.Path);
    }

    /// <summary>Where dockerd keeps its data.</summary>
    public static string DataRoot(string file, string? text)
    {
        using JsonDocument document = Parse(file, text);
        return TextOf(document.RootElement, "data-root") ?? "/var/lib/docker";
    }

    // Ours from another directory moves; somebody else's runtime is not ours to replace: nothing could bring it back.
    static Runtime Moved(string file, Runtime runtime, string path) =>
        IsOurs(runtime) || runtime.Given is null or { ValueKind: JsonValueKind.Null }
            ? new Runtime(runtime.Name, path, null)
            : throw new UserError(
                $"'{file}' has a runtime \"{runtime.Name}\" already, {(runtime.Path.Length == 0 ? "without a path" : $"'{runtime.Path}'")}",
                $"take \"{runtime.Name}\" out of the file first, or choose another name");

    static bool IsOurs(Runtime runtime) => Path.GetFileName(runtime.Path) is "caisson" or "caisson-plain";

    static bool Remove(string file, JsonElement root, List<Runtime>? known, IReadOnlyCollection<string> paths)
    {
        string? standard = TextOf(root, "default-runtime");
        if (known is not null && known.Exists(runtime => runtime.Name == standard && paths.Contains(runtime.Path)))
        {
            throw new UserError(
                $"Docker's default runtime is \"{standard}\"", $"take \"default-runtime\" out of '{file}' first, then call again");
        }

        return known?.RemoveAll(runtime => paths.Contains(runtime.Path)) > 0;
    }

    static JsonDocument Parse(string file, string? text)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(string.IsNullOrWhiteSpace(text) ? "{}" : text);
            return document.RootElement.ValueKind != JsonValueKind.Object ? throw Unfit(file, "it is not an object")
                : HasNameTwice(document.RootElement) ? throw Unfit(file, "a name stands twice in it")
                : document;
        }
        catch (JsonException failure)
        {
            throw Unfit(file, $"line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1} is no JSON");
        }
        catch (InvalidOperationException)
        {
            throw Unfit(file, "it has a string with half of a surrogate pair");
        }
    }

    // JsonDocumentOptions.AllowDuplicateProperties would do it, too, but seeds a hash with random bytes of OpenSSL, which a
    // static program cannot load: with more than a few members it ends in SIGSEGV.
    static bool HasNameTwice(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                HashSet<string> names = [];
                return element.EnumerateObject().Any(member => !names.Add(member.Name) || HasNameTwice(member.Value));
            case JsonValueKind.Array:
                return element.EnumerateArray().Any(HasNameTwice);
            case JsonValueKind.String:
                // Throws here, and not when half of the file is written, if it is no text.
                _ = element.GetString();
                return false;
            default:
                return false;
        }
    }

    static List<Runtime>? Runtimes(string file, JsonElement root)
    {
        if (!root.TryGetProperty(RuntimesKey, out JsonElement runtimes) || runtimes.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return runtimes.ValueKind == JsonValueKind.Object
            ? [.. runtimes.EnumerateObject().Select(it => new Runtime(it.Name, TextOf(it.Value, "path") ?? "", it.Value))]
            : throw Unfit(file, "\"runtimes\" is not an object");
    }

    static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    static UserError Unfit(string file, string why) =>
        new($"'{file}' cannot be changed: {why}", $"mend the file first: dockerd --validate --config-file={file} tells more");

    /// <param name="root">The file as it is.</param>
    /// <param name="runtimes">In the place of its own; null for none.</param>
    static string Render(JsonElement root, List<Runtime>? runtimes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (JsonProperty member in root.EnumerateObject())
            {
                if (member.Name != RuntimesKey)
                {
                    member.WriteTo(json);
                }
                else
                {
                    Write(json, runtimes);
                }
            }

            if (!root.TryGetProperty(RuntimesKey, out _))
            {
                Write(json, runtimes);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    static void Write(Utf8JsonWriter json, List<Runtime>? runtimes)
    {
        if (runtimes is null)
        {
            return;
        }

        json.WriteStartObject(RuntimesKey);
        foreach (Runtime runtime in runtimes)
        {
            json.WritePropertyName(runtime.Name);
            if (runtime.Given is { } given)
            {
                given.WriteTo(json);
                continue;
            }

            json.WriteStartObject();
            json.WriteString("path", runtime.Path);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>An entry as it is in the file, or one of ours.</summary>
    readonly record struct Runtime(string Name, string Path, JsonElement? Given);
}
