using Caisson.Cli.Doctor;
using Caisson.Cli.Integration;
using Caisson.Containers;
using Caisson.Containers.Probes;

namespace Caisson.Cli.Commands;

/// <summary><c>doctor</c>: what works on this host, found by trying it, and what helps where something does not.</summary>
static class DoctorCommand
{
    public static Command Command { get; } = new(
        "doctor", "[CHECK...]", "try what containers need on this host, and say what helps where it is missing",
        [
            new("json", '\0', null, "print JSON"),
            new("config", '\0', "FILE", "dockerd's configuration (default: /etc/docker/daemon.json)"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UserError("doctor tries what only root may do", "sudo caisson doctor");
        }

        EngineProbe engines = new(invocation.PathValue("config") ?? DockerConfiguration.UsualPlace);
        IReadOnlyList<Probe> probes = Choose([.. ProbeTable.All, new("engines", "engines", engines.Look)], invocation.Line.Rest);
        Host host = new(invocation.ConfiguredPlaces, engines.Directories);
        List<(Probe, IReadOnlyList<Finding>)> report = [.. probes.Select(probe => (probe, probe.Run(host)))];
        bool works = !report.Exists(it => it.Item2.Any(finding => finding.Verdict == Verdict.Missing));
        if (invocation.Line.Has("json"))
        {
            Output.Write(DoctorReport.ToJson(report, works));
        }
        else
        {
            Output.WriteText(DoctorReport.ToText(report, works, Palette.ForOutput()));
        }

        return works ? 0 : 1;
    }

    static IReadOnlyList<Probe> Choose(IReadOnlyList<Probe> all, IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => !all.Any(probe => probe.Name == name)) is { } unknown)
        {
            throw new UsageException($"unknown check \"{unknown}\"; known are {string.Join(", ", all.Select(probe => probe.Name))}");
        }

        return names.Count == 0 ? all : [.. all.Where(probe => names.Contains(probe.Name))];
    }
}
