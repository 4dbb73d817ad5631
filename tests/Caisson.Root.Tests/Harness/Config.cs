using System.Text.Json;

namespace Caisson.Root.Tests.Harness;

/// <summary>Frequent changes to a config.json, in the words of the tests.</summary>
static class Config
{
    public static JsonObject Process(this JsonObject config) => config["process"]!.AsObject();

    public static JsonObject Linux(this JsonObject config) => config["linux"]!.AsObject();

    public static void Args(this JsonObject config, params string[] args) => config.Process()["args"] = Json(args);

    public static void Shell(this JsonObject config, string script) => config.Args("sh", "-c", script);

    public static void Env(this JsonObject config, string variable) => config.Process()["env"]!.AsArray().Add(variable);

    public static void Mount(this JsonObject config, string destination, string type, string source, params string[] options) =>
        config["mounts"]!.AsArray().Add(Json(new { destination, type, source, options }));

    public static void Bind(this JsonObject config, string source, string destination, params string[] options) =>
        config.Mount(destination, "bind", source, ["bind", .. options]);

    /// <summary>The same set in all that a plain container's capabilities have, ambient excepted.</summary>
    public static void Capabilities(this JsonObject config, params string[] names)
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            config.Process()["capabilities"]![set] = Json(names);
        }
    }

    public static void Namespace(this JsonObject config, string type, string path)
    {
        JsonArray namespaces = config.Linux()["namespaces"]!.AsArray();
        namespaces.RemoveAll(entry => (string)entry!["type"]! == type);
        namespaces.Add(Json(new { type, path }));
    }

    public static JsonNode Json(object value) => JsonSerializer.SerializeToNode(value)!;
}
