using System.Globalization;
using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>The few forms that control files have (cgroup-v2.rst, "Interface Files"). Pure.</summary>
static class ControlText
{
    /// <summary>A file with one number; <c>max</c> and a missing file's null have their own answers.</summary>
    public static ulong Number(string? text, ulong missing = 0) => text?.Trim() switch
    {
        null => missing,
        "max" => ulong.MaxValue,
        { } digits when ulong.TryParse(digits, CultureInfo.InvariantCulture, out ulong value) => value,
        // -1 of version 1's signed files.
        _ => ulong.MaxValue,
    };

    /// <summary>Lines of a key and a number.</summary>
    public static Dictionary<string, ulong> Table(string? text)
    {
        Dictionary<string, ulong> table = [];
        foreach (string line in (text ?? "").Split('\n'))
        {
            if (line.Split(' ') is [string key, string digits]
                && ulong.TryParse(digits, CultureInfo.InvariantCulture, out ulong value))
            {
                table[key] = value;
            }
        }

        return table;
    }

    /// <summary>Numbers between blanks.</summary>
    public static ulong[]? Row(string? text) =>
        text is null ? null : [.. Words(text).Select(static word => Number(word))];

    /// <summary>A list such as <c>0-2,7</c>, one by one; null where it is empty.</summary>
    public static ushort[]? Set(string? text)
    {
        List<ushort> members = [];
        foreach (string part in (text ?? "").Trim().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split('-');
            if (ushort.TryParse(ends[0], out ushort first) && ushort.TryParse(ends[^1], out ushort last))
            {
                for (int member = first; member <= last; member++)
                {
                    members.Add((ushort)member);
                }
            }
        }

        return members.Count == 0 ? null : [.. members];
    }

    /// <summary>Lines of version 1: <c>8:0 Read 4096</c>; totals have no device and are left out.</summary>
    public static BlkioEntry[]? Devices(string? text)
    {
        List<BlkioEntry> entries = [];
        foreach (string line in (text ?? "").Split('\n'))
        {
            string[] words = Words(line);
            if (words.Length >= 2 && words[0].Split(':') is [string major, string minor])
            {
                entries.Add(new BlkioEntry
                {
                    Major = Number(major),
                    Minor = Number(minor),
                    Op = words.Length == 3 ? words[1] : "",
                    Value = Number(words[^1]),
                });
            }
        }

        return entries.Count == 0 ? null : [.. entries];
    }

    /// <summary>Pressure stall information: <c>some avg10=0.00 avg60=0.00 avg300=0.00 total=0</c>.</summary>
    public static PressureStats? Pressure(string? text)
    {
        PressureLine? some = null;
        PressureLine? full = null;
        foreach (string line in (text ?? "").Split('\n'))
        {
            if (Words(line) is [string kind, string avg10, string avg60, string avg300, string total])
            {
                PressureLine parsed = new(Share(avg10), Share(avg60), Share(avg300), Number(total[(total.IndexOf('=') + 1)..]));
                (some, full) = kind == "some" ? (parsed, full) : (some, parsed);
            }
        }

        return some is null && full is null ? null : new PressureStats { Some = some, Full = full };
    }

    public static string[] Words(string text) => text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);

    static double Share(string pair) =>
        double.TryParse(pair[(pair.IndexOf('=') + 1)..], CultureInfo.InvariantCulture, out double value) ? value : 0;
}
