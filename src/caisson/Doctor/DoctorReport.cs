using System.Text;
using Caisson.Containers.Probes;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli.Doctor;

/// <summary>What was found, as a table for people or as JSON for programs.</summary>
static class DoctorReport
{
    const int WordWidth = 9;
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
                (string word, Colour colour) = Show(finding.Verdict);
                text.AppendLine($"{palette.Paint(word, colour)}{new string(' ', WordWidth - word.Length)}{subject,-SubjectWidth}{finding.Found}");
                Append(text, finding.Means);
                Append(text, finding.Remedy is null ? null : $"helps: {finding.Remedy}");
                subject = "";
            }
        }

        text.AppendLine(works ? "\nSystem containers will work here." : $"\nSystem containers will not work here: see \"{Show(Verdict.Missing).Word}\" above.");
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
                json.Text("verdict"u8, Show(finding.Verdict).Word);
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
            text.AppendLine($"{new string(' ', WordWidth + SubjectWidth)}{line}");
        }
    }

    static (string Word, Colour Colour) Show(Verdict verdict) => verdict switch
    {
        Verdict.Ok => ("ok", Colour.Green),
        Verdict.Note => ("note", Colour.Blue),
        Verdict.Warning => ("warning", Colour.Yellow),
        _ => ("missing", Colour.Red),
    };
}
