using System.Text;
using Caisson.Cli.Integration;
using Caisson.Kernel;
using Caisson.Kernel.Files;

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
        string program = InstalledBinary.Copy(BinDirectory(invocation));
        List<(string, string)> runtimes = [("caisson", program), (PlainName, Path.Combine(BinDirectory(invocation), PlainName))];
        runtimes.AddRange(invocation.Line.Values("alias").Select(alias => (alias, program)));
        string config = Config(invocation);
        Directories.MakeAll(Path.GetDirectoryName(config)!, 0x1ED /* 0755 */);
        Replace(config, DockerConfiguration.Add(FileText.TryRead(config), runtimes));
        Console.Out.WriteLine($"installed {program}; registered in {config}: {string.Join(", ", runtimes.Select(runtime => runtime.Item1))}");
        Reload(invocation);
        return 0;
    }

    static int RunUninstall(Invocation invocation)
    {
        string directory = BinDirectory(invocation);
        string config = Config(invocation);
        if (FileText.TryRead(config) is { } text)
        {
            string[] paths = [Path.Combine(directory, "caisson"), Path.Combine(directory, PlainName)];
            if (DockerConfiguration.Remove(text, paths) is { } rest)
            {
                Replace(config, rest);
            }
            else
            {
                Directories.TryUnlink(Fd.CurrentDirectory, config);
            }
        }

        InstalledBinary.Remove(directory);
        Console.Out.WriteLine($"removed {Path.Combine(directory, "caisson")} and its runtimes from {config}");
        Reload(invocation);
        return 0;
    }

    static void Reload(Invocation invocation) => Console.Out.WriteLine(
        DockerDaemon.TryReload(invocation.PathValue("docker-pid-file") ?? "/var/run/docker.pid")
            ? "dockerd has been told to read it; no container was touched"
            : "no dockerd runs: it will read it when it starts");

    static string BinDirectory(Invocation invocation) => invocation.PathValue("bin-dir") ?? "/usr/local/bin";

    static string Config(Invocation invocation) => invocation.PathValue("config") ?? "/etc/docker/daemon.json";

    static void Replace(string path, string text)
    {
        using Fd directory = OpenAt2.Open(Path.GetDirectoryName(path)!, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        FileText.Replace(directory, Path.GetFileName(path), Encoding.UTF8.GetBytes(text), 0x1A4 /* 0644 */);
    }
}
