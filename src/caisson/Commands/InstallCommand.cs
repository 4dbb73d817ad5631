using System.Text;
using Caisson.Cli.Integration;
using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>install</c> and <c>uninstall</c>, for Docker: the daemon is told to read its configuration again, never restarted.</summary>
static class InstallCommand
{
    const string PlainName = "caisson-plain";

    static readonly Option[] Options =
    [
        new("bin-dir", '\0', "DIR", "where the program is put (default: /usr/local/bin)"),
        new("config", '\0', "FILE", "dockerd's configuration (default: /etc/docker/daemon.json)"),
        new("docker-pid-file", '\0', "FILE", "pid of the dockerd to reload (default: /var/run/docker.pid)"),
    ];

    public static Command Install { get; } = new(
        "install", "", "put the program in place and register it with Docker",
        [.. Options, new("alias", '\0', "NAME", "register it under this name, too, such as sysbox-runc; may be repeated")], RunInstall);

    public static Command Uninstall { get; } = new("uninstall", "", "undo what install did", Options, RunUninstall);

    static int RunInstall(Invocation invocation)
    {
        string program = Path.Combine(BinDirectory(invocation), "caisson");
        string config = Config(invocation);
        List<(string, string)> runtimes = [("caisson", program), (PlainName, Path.Combine(BinDirectory(invocation), PlainName))];
        runtimes.AddRange(invocation.Line.Values("alias").Select(alias => (alias, program)));
        // Before anything is changed: a file that we cannot read stops it all.
        string changed = DockerConfiguration.Add(config, FileText.TryRead(config), runtimes);
        InstalledBinary.Copy(BinDirectory(invocation));
        Directories.MakeAll(Path.GetDirectoryName(config)!, 0x1ED /* 0755 */);
        Replace(config, changed);
        Console.Out.WriteLine($"installed {program}; registered in {config}: {string.Join(", ", runtimes.Select(runtime => runtime.Item1))}");
        TellReload(DockerDaemon.TryReload(PidFile(invocation)));
        return 0;
    }

    static int RunUninstall(Invocation invocation)
    {
        string directory = BinDirectory(invocation);
        string config = Config(invocation);
        string[] paths = [Path.Combine(directory, "caisson"), Path.Combine(directory, PlainName)];
        RequireUnused(invocation, paths, "uninstall again");
        bool reloaded = false;
        if (FileText.TryRead(config) is { } text)
        {
            string? rest = DockerConfiguration.Remove(config, text, paths);
            Replace(config, DockerConfiguration.RemoveButKeepList(config, text, paths));
            reloaded = DockerDaemon.TryReloadAndWait(PidFile(invocation), config);
            if (rest is not null)
            {
                Replace(config, rest);
            }
            else
            {
                Directories.TryUnlink(Fd.CurrentDirectory, config);
            }
        }

        // Last: until it has read the file, dockerd may start it.
        RequireUnused(invocation, paths, "uninstall again: Docker knows the runtime no more, but a container has been started just before");
        InstalledBinary.Remove(directory);
        IReadOnlyList<string> kept = UnusedPlaces.Remove(invocation.ConfiguredPlaces, invocation.Store);
        Console.Out.WriteLine($"removed {Path.Combine(directory, "caisson")} and its runtimes from {config}");
        TellReload(reloaded);
        foreach (string place in kept)
        {
            Console.Out.WriteLine($"'{place}' stays: containers have something there");
        }

        return 0;
    }

    // Without the program an engine can neither stop nor remove them.
    static void RequireUnused(Invocation invocation, string[] programs, string then)
    {
        IReadOnlyList<ContainerId> engines = EngineContainers.Of(programs);
        IReadOnlyList<ContainerId> own = invocation.Store.List();
        if (engines.Count + own.Count == 0)
        {
            return;
        }

        List<string> remedies = [];
        remedies.AddRange(engines.Count > 0 ? [$"stop them (docker stop {string.Join(' ', engines.Select(Short))})"] : []);
        remedies.AddRange(own.Count > 0 ? [$"remove them (caisson delete --force {string.Join(' ', own.Select(id => id.Value))})"] : []);
        throw new UserError(
            $"'{programs[0]}' is needed by {(engines.Count + own.Count == 1 ? "a container" : $"{engines.Count + own.Count} containers")}: "
                + string.Join(", ", engines.Select(Short).Concat(own.Select(id => id.Value))),
            $"{string.Join(" and ", remedies)}, then {then}");
    }

    // As engines show them, and take them.
    static string Short(ContainerId id) => id.Value.Length == 64 ? id.Value[..12] : id.Value;

    static void TellReload(bool reloaded) => Console.Out.WriteLine(reloaded
        ? "dockerd has been told to read it; no container was touched"
        : "no dockerd runs: it will read it when it starts");

    static string PidFile(Invocation invocation) => invocation.PathValue("docker-pid-file") ?? "/var/run/docker.pid";

    static string BinDirectory(Invocation invocation) => invocation.PathValue("bin-dir") ?? "/usr/local/bin";

    static string Config(Invocation invocation) => invocation.PathValue("config") ?? DockerConfiguration.UsualPlace;

    static void Replace(string path, string text)
    {
        using Fd directory = OpenAt2.Open(Path.GetDirectoryName(path)!, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        // Who keeps it from others' eyes has a reason.
        uint mode = Stat.TryOf(Fd.CurrentDirectory, path, out statx old) == Errno.None ? old.Permissions & 0x1FF : 0x1A4 /* 0644 */;
        FileText.Replace(directory, Path.GetFileName(path), Encoding.UTF8.GetBytes(text), mode);
    }
}
