using System.Text.Json.Nodes;

namespace Caisson.Benchmarks;

/// <summary>A directory for everything that the benchmark writes; disposing removes it.</summary>
sealed class Workspace : IDisposable
{
    public Workspace()
    {
        // Short: paths of sockets below it have little room.
        Root = $"/tmp/cbench{Environment.ProcessId}";
        States = $"/dev/shm/cbench{Environment.ProcessId}";
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(States);
    }

    public string Root { get; }

    /// <summary>For the runtimes' states: as /run on most machines in memory, where replacing a file awaits no disk.</summary>
    public string States { get; }

    /// <summary>Where a measured program's standard error goes.</summary>
    public string Errors => $"{Root}/errors";

    /// <summary>A bundle of one static busybox with the config.json that <c>runc spec</c> writes, without a terminal; made once.</summary>
    public string MakeBundle(string name, string runc, string[] args, Action<JsonNode>? change = null)
    {
        string bundle = $"{Root}/{name}";
        if (File.Exists($"{bundle}/config.json"))
        {
            return bundle;
        }

        Directory.CreateDirectory($"{bundle}/rootfs");
        Script.Run("tar", "-C", $"{bundle}/rootfs", "-xf", Script.Run(Script.Environment("image-busybox")));
        Script.Run(runc, "spec", "-b", bundle);
        JsonNode config = JsonNode.Parse(File.ReadAllText($"{bundle}/config.json"))!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray([.. args.Select(it => JsonValue.Create(it))]);
        change?.Invoke(config);
        File.WriteAllText($"{bundle}/config.json", config.ToJsonString());
        return bundle;
    }

    public void Dispose() => Script.TryRun("rm", ["-rf", "--one-file-system", Root, States], out _);
}
