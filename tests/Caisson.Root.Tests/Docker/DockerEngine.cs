using Caisson.Root.Tests.Harness;

namespace Caisson.Root.Tests.Docker;

/// <summary>
/// A private dockerd of one suite with the runtimes caisson and caisson-plain, and the images "busybox" and "dind": that
/// suite's Docker. All classes of a collection share one; it fails at its end if it leaves anything behind.
/// </summary>
public abstract class DockerEngine : IDisposable
{
    readonly string _scratch = Path.Combine(Path.GetTempPath(), $"{Host.Mark}-docker-{Guid.NewGuid().ToString("N")[..6]}");
    readonly string _place;
    readonly string _plugins = "";
    readonly string[] _start = [];

    protected DockerEngine(string suite, params string[] options)
    {
        Suite = suite;
        _place = $"{_scratch}/d";
        if (Environment.UserName != "root")
        {
            return;
        }

        Directory.CreateDirectory(_scratch);
        // The name that it is called by makes it plain.
        string plain = Path.Combine(Path.GetDirectoryName(Host.Caisson)!, "caisson-plain");
        File.Delete(plain);
        File.CreateSymbolicLink(plain, "caisson");
        _plugins = Host.Tool(_scratch, "docker-plugins", 300);
        // The first time the suite's packages are fetched.
        _start = [_place, "--suite", suite, "--runtime", $"caisson={Host.Caisson}", "--runtime", $"caisson-plain={plain}", "--bind", _scratch, "--bind", _plugins, .. options];
        Host.Tool(_scratch, "dockerd-start", 900, _start);
        Run("import", "-c", "CMD [\"sleep\",\"1000\"]", Host.Tool(_scratch, "image-busybox", 120), "busybox");
        ImportDocker(suite, "dind");
    }

    public string Suite { get; }

    /// <summary>A directory that the engine sees, too.</summary>
    public string Scratch => _scratch;

    /// <summary>A directory with docker-compose and docker-buildx, which a container may have as a volume.</summary>
    public string Plugins => $"{_plugins}/cli-plugins";

    /// <summary>The name of an image with a suite's Docker, imported when it is first asked for.</summary>
    public string DockerOf(string suite)
    {
        string name = suite == Suite ? "dind" : $"dind-{suite}";
        if (Try("image", "inspect", name).ExitCode != 0)
        {
            ImportDocker(suite, name);
        }

        return name;
    }

    /// <summary>The name of an image with this suite's systemd, imported when it is first asked for.</summary>
    public string Systemd() => Imported("systemd", "/sbin/init");

    /// <summary>The same with Docker and the tools of nodes.</summary>
    public string Node() => Imported("node", "/usr/local/bin/start-docker");

    string Imported(string image, string entrypoint)
    {
        if (Try("image", "inspect", image).ExitCode != 0)
        {
            Run("import", "-c", $"ENTRYPOINT [\"{entrypoint}\"]", "-c", "CMD [\"sleep\",\"1000\"]", Host.Tool(_scratch, $"image-{image}", 900, Suite), image);
        }

        return image;
    }

    /// <summary>What <c>docker …</c> prints; it must succeed.</summary>
    public string Run(params string[] arguments) => Succeeded(Try(arguments), arguments);

    internal CommandResult Try(params string[] arguments) => Host.Run(_scratch, CommandLine([], arguments), seconds: 120);

    internal CommandResult WithInput(string input, params string[] arguments) =>
        Host.Run(_scratch, CommandLine([], arguments), input, seconds: 120);

    internal CommandResult With(string variable, string value, params string[] arguments) =>
        Host.Run(_scratch, CommandLine([$"{variable}={value}"], arguments), seconds: 120);

    /// <summary>
    /// <c>docker …</c> at a terminal of 17 rows and 93 columns, on which <paramref name="typed"/> is typed. Returns what was seen.
    /// </summary>
    internal string AtTerminal(string typed, params string[] arguments)
    {
        string line = string.Join(' ', ((string[])["docker", .. arguments]).Select(word => $"'{word}'"));
        CommandResult result = Host.Run(
            _scratch,
            [SourceTree.PathOf("tests/environment/dockerd-exec"), _place, "script", "-qec", $"stty rows 17 cols 93; exec {line}", "/dev/null"],
            typed, seconds: 60);
        return Succeeded(result, arguments).ReplaceLineEndings("\n");
    }

    /// <summary>Runs a command on the engine's network.</summary>
    internal CommandResult OnNetwork(params string[] command) =>
        Host.Run(_scratch, [SourceTree.PathOf("tests/environment/dockerd-exec"), _place, .. command], seconds: 60);

    /// <summary>Runs a command with the engine's files and network.</summary>
    internal CommandResult Inside(params string[] command) =>
        Host.Run(_scratch, [SourceTree.PathOf("tests/environment/dockerd-exec"), "--inside", _place, .. command], seconds: 60);

    public JsonNode Inspect(string container) => JsonNode.Parse(Run("inspect", container))![0]!;

    /// <summary>Changes the running engine's default runtime; it reads its configuration again.</summary>
    public void UseByDefault(string runtime)
    {
        string path = $"{_place}/daemon.json";
        JsonNode configuration = JsonNode.Parse(File.ReadAllText(path))!;
        configuration["default-runtime"] = runtime;
        File.WriteAllText(path, configuration.ToJsonString());
        Assert.Equal(0, Command.Run("kill", ["-HUP", File.ReadAllText($"{_place}/dockerd.pid").Trim()]).ExitCode);
        RootTest.Eventually(() => Run("info", "-f", "{{.DefaultRuntime}}") == runtime, $"{runtime} is the default runtime");
    }

    /// <summary>
    /// What a machine that loses its power does to the engine and its containers: all processes of theirs end at once, mounts and all
    /// that lies in memory are gone. Then it starts again.
    /// </summary>
    internal void Crash(params string[] containers)
    {
        Host.Run(
            _scratch,
            ["bash", "-c", $$"""
                place=$1; shift
                daemon=$(cat "$place/dockerd.pid")
                kill -9 "$daemon"
                for id; do
                    for state in $(find /sys/fs/cgroup -path "*$id*/freezer.state"); do echo THAWED >"$state"; done
                done
                for entry in /proc/[0-9]*; do
                    words="$(tr '\0' ' ' <"$entry/cmdline") $(cat "$entry/cgroup") $(readlink "$entry/fd/2")"
                    for word in "$place/" "$@"; do
                        [[ $words != *"$word"* || $entry == "/proc/$$" ]] || kill -9 "${entry#/proc/}"
                    done
                done
                while [[ -e /proc/$daemon/ns ]]; do sleep 0.01; done
                awk -v d="$place/" 'index($5, d) == 1 { print $5 }' /proc/self/mountinfo | tac | xargs -r umount -l
                rm -rf "$place/exec"
                for id; do
                    grep -rlF "$id" /run/caisson/ids /run/caisson/volumes | xargs -r rm
                    find /sys/fs/cgroup -depth -type d -path "*$id*" -exec rmdir {} +
                done
                """, "crash", _place, .. containers],
            seconds: 60);
        RootTest.Eventually(() => containers.All(id => Leftovers.Monitors(id).Count == 0), "all processes are gone");
        Host.Tool(_scratch, "dockerd-start", 120, _start);
    }

    /// <summary>Fails if the engine leaves anything behind.</summary>
    public void Dispose()
    {
        if (Environment.UserName == "root")
        {
            Host.Tool(_scratch, "dockerd-stop", 120, _place);
            Directory.Delete(_scratch, recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    string[] CommandLine(string[] variables, string[] arguments) =>
    [
        SourceTree.PathOf("tests/environment/dockerd-exec"), _place,
        "env", $"DOCKER_CONFIG={_plugins}", $"BUILDX_CONFIG={_scratch}/buildx", .. variables, "docker", .. arguments,
    ];

    void ImportDocker(string suite, string name) => Run(
        "import", "-c", "ENTRYPOINT [\"/usr/local/bin/start-docker\"]", "-c", "CMD [\"sleep\",\"1000\"]", Host.Tool(_scratch, "image-dind", 900, suite), name);

    static string Succeeded(CommandResult result, string[] arguments)
    {
        Assert.True(result.ExitCode == 0, $"docker {string.Join(' ', arguments)}: exit code {result.ExitCode}: {result.Errors}{result.Output}");
        return result.Output.Trim();
    }
}
