using System.Globalization;
using Caisson.Kernel.Mounts;

namespace Caisson.Emulation.Syscalls;

/// <summary>What mount(2) is told of a procfs or sysfs as a whole, as options for fsconfig(2); a flag has no value.</summary>
public sealed record MountData(IReadOnlyList<(string Key, string? Value)> Options)
{
    // Flags of the file system and not of the mount alone, which mount tables show, too.
    static readonly (MountFlags Flag, string Name)[] Flags =
    [
        (MountFlags.MS_RDONLY, "ro"),
        (MountFlags.MS_SYNCHRONOUS, "sync"),
        (MountFlags.MS_DIRSYNC, "dirsync"),
        (MountFlags.MS_LAZYTIME, "lazytime"),
    ];

    /// <summary>The same in one string. A source with a comma in it is left out.</summary>
    public string Text => string.Join(',', Options.Where(option => option.Value?.Contains(',') != true).Select(option => option.Value is null ? option.Key : $"{option.Key}={option.Value}"));

    /// <summary>Null where the kernel could not read it either, or has the last word.</summary>
    public static MountData? TryRead(Tracee tracee, MountFlags flags)
    {
        string? source = tracee.Argument(0) == 0 ? null : tracee.ReadString(0);
        string? data = tracee.Argument(4) == 0 ? "" : tracee.ReadString(4);
        if (data is null || (source is null && tracee.Argument(0) != 0))
        {
            return null;
        }

        List<(string Key, string? Value)> options = [.. Flags.Where(known => flags.HasFlag(known.Flag)).Select(known => (known.Name, (string?)null))];
        if (source is not null)
        {
            options.Add(("source", source));
        }

        foreach ((string key, string? value) in Parse(data))
        {
            // Its group, which the kernel would take for ours.
            string? ours = key == "gid" ? HostGroup(value, tracee.ReadText("gid_map")) : value;
            if (ours is null && value is not null)
            {
                return null;
            }

            options.Add((key, ours));
        }

        return new MountData(options);
    }

    public static IReadOnlyList<(string Key, string? Value)> Parse(string data) =>
    [
        .. data.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(option =>
            option.IndexOf('=') is >= 0 and int equals ? (option[..equals], option[(equals + 1)..]) : (option, (string?)null)),
    ];

    /// <summary>What a group of a user namespace is on the host; null where it is none, or not written as a plain number.</summary>
    /// <param name="group">Inside.</param>
    /// <param name="map">Lines of first inside, first outside, count (user_namespaces(7)).</param>
    public static string? HostGroup(string? group, string map)
    {
        if (!uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) || (group.Length > 1 && group[0] == '0'))
        {
            return null;
        }

        foreach (string line in map.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            uint[] range = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => uint.Parse(word, CultureInfo.InvariantCulture))];
            if (number >= range[0] && number - range[0] < range[2])
            {
                return (range[1] + (number - range[0])).ToString(CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}
