using Caisson.Cli.Integration;
using Caisson.Containers.Init;
using Caisson.Containers.Probes;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Cli.Doctor;

/// <summary>Which engines are installed, and whether they know Caisson.</summary>
/// <param name="dockerConfiguration">Path of daemon.json.</param>
sealed class EngineProbe(string dockerConfiguration)
{
    // Where engines other than Docker say which runtimes they know: any of the files may.
    static readonly (string Program, string Name, string[] Files)[] Others =
    [
        ("containerd", "containerd", ["/etc/containerd/config.toml", "/etc/containerd/conf.d"]),
        ("podman", "Podman", ["/etc/containers/containers.conf", "/etc/containers/containers.conf.d"]),
        ("crio", "CRI-O", ["/etc/crio/crio.conf", "/etc/crio/crio.conf.d"]),
    ];

    readonly string? _docker = FileText.TryRead(dockerConfiguration);

    /// <summary>Where they keep images and containers.</summary>
    public IReadOnlyList<string> Directories =>
        [DockerConfiguration.DataRoot(dockerConfiguration, _docker), "/var/lib/containerd", "/var/lib/containers"];

    public IEnumerable<Finding> Look(Host host)
    {
        int found = 0;
        if (IsInstalled("dockerd"))
        {
            found++;
            yield return LookAtDocker();
        }

        foreach ((string program, string name, string[] files) in Others)
        {
            if (IsInstalled(program))
            {
                found++;
                yield return files.Any(Mentions)
                    ? Finding.Ok($"{name} knows caisson")
                    : Finding.Note($"{name} does not know caisson", null, $"see docs/engines.md, \"{name}\"");
            }
        }

        if (found == 0)
        {
            yield return Finding.Note("none is installed", "`caisson run` works without one", "apt-get install docker.io");
        }
    }

    Finding LookAtDocker()
    {
        IReadOnlyDictionary<string, string> runtimes = DockerConfiguration.OwnRuntimes(dockerConfiguration, _docker);
        if (runtimes.Count == 0)
        {
            return Finding.Warning("Docker does not know caisson", "docker run --runtime=caisson fails", "caisson install");
        }

        string names = string.Join(", ", runtimes.Keys);
        return runtimes.FirstOrDefault(runtime => Executable.Find([runtime.Value]) is null) is { Key: not null } broken
            ? Finding.Warning($"Docker's runtime {broken.Key} is '{broken.Value}', which is not there", $"docker run --runtime={broken.Key} fails", "caisson install")
            : Finding.Ok($"Docker knows {names}");
    }

    // Where systemd starts them from, whatever PATH is here.
    static bool IsInstalled(string program) => Executable.Find(Executable.Candidates(program, environment: null)) is not null;

    static bool Mentions(string place)
    {
        if (OpenAt2.TryOpen(Fd.CurrentDirectory, place, OpenFlags.O_RDONLY, ResolveFlags.None, 0, out Fd? opened) != Errno.None)
        {
            return false;
        }

        using (opened)
        {
            return Stat.Of(opened!).IsDirectory
                ? Kernel.Files.Directories.List(opened!).Any(name => Says(FileText.TryRead(opened!, name)))
                : Says(FileText.TryRead(place));
        }
    }

    static bool Says(string? text) => text?.Contains("caisson", StringComparison.Ordinal) == true;
}
