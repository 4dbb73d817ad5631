using System.Text;
using Caisson.Containers.Probes;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli.Doctor;

/// <summary>What was found, as a table for people or as JSON for programs.</summary>
static class DoctorReport
{
    const int SubjectWidth = 26;

    public static string ToText(IEnumerable<(Probe Probe, IReadOnlyList<Finding> Findings)> report, bool works, Palette palette)
    {
        StringBuilder text = new();
        text.AppendLine($"caisson {Help.Version} on Linux {KernelRelease}{Distribution()}\n");
        foreach ((Probe probe, IReadOnlyList<Finding> findings) in report)
        {
            string subject = probe.Subject;
            foreach (Finding finding in findings)
            {
                text.AppendLine($"{palette.Paint(Word(finding.Verdict), Colour(finding.Verdict))}{new string(' ', 9 - Word(finding.Verdict).Length)}{subject,-SubjectWidth}{finding.Found}");
                Append(text, finding.Means);
                Append(text, finding.Remedy is null ? null : $"helps: {finding.Remedy}");
                subject = "";
            }
        }

        text.AppendLine(works ? "\nSystem containers will work here." : $"\nSystem containers will not work here: see \"{Word(Verdict.Missing)}\" above.");
        return text.ToString();
    }

    public static byte[] ToJson(IEnumerable<(Probe Probe, IReadOnlyList<Finding> Findings)> report, bool works)
    {
        OciWriter json = new(indent: 2);
        json.BeginObject();
        json.Text("version"u8, Help.Version);
        json.Text("kernel"u8, KernelRelease);
        json.BeginObject("works"u8);
        json.Flag("system"u8, works);
        json.EndObject();
        json.BeginList("findings"u8);
        foreach ((Probe probe, IReadOnlyList<Finding> findings) in report)
        {
            foreach (Finding finding in findings)
            {
                json.BeginObject();
                json.Text("check"u8, probe.Name);
                json.Text("verdict"u8, Word(finding.Verdict));
                json.Text("found"u8, finding.Found);
                json.Text("means"u8, finding.Means);
                json.Text("remedy"u8, finding.Remedy);
                json.EndObject();
            }
        }

        json.EndList();
        json.EndObject();
        return json.ToBytes();
    }

    static string KernelRelease => FileText.TryRead("/proc/sys/kernel/osrelease")?.Trim() ?? "?";

    static string Distribution()
    {
        const string Key = "PRETTY_NAME=";
        string? line = FileText.TryRead("/etc/os-release")?.Split('\n').FirstOrDefault(it => it.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? "" : $", {line[Key.Length..].Trim('"')}";
    }

    static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            text.AppendLine($"{new string(' ', 9 + SubjectWidth)}{line}");
        }
    }

    static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Note => "note",
        Verdict.Warning => "warning",
        _ => "missing",
    };

    static Colour Colour(Verdict verdict) => verdict switch
    {
        Verdict.Ok => Cli.Colour.Green,
        Verdict.Note => Cli.Colour.Blue,
        Verdict.Warning => Cli.Colour.Yellow,
        _ => Cli.Colour.Red,
    };
}
