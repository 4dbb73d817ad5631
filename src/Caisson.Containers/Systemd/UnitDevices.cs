using Caisson.Containers.Cgroups;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Systemd;

/// <summary>
/// Device access in systemd's words (DevicePolicy=, DeviceAllow= of systemd.resource-control(5)): on version 1 it writes the
/// whole list anew whenever it reads its configuration.
/// </summary>
public static class UnitDevices
{
    public static IReadOnlyList<UnitProperty> Of(DeviceAccess access)
    {
        if (access.AllowsByDefault)
        {
            return [UnitProperty.Of("DevicePolicy", "auto"), UnitProperty.Of("DeviceAllow", new List<(string, string)>())];
        }

        string devices = FileText.TryRead("/proc/devices") ?? "";
        List<(string, string)> allowed = [];
        foreach ((DeviceMatch match, DeviceRights rights) in access.Exceptions)
        {
            if (NameOf(match, devices) is { } name && rights != DeviceRights.None)
            {
                allowed.Add((name, Letters(rights)));
            }
        }

        return [UnitProperty.Of("DevicePolicy", "strict"), UnitProperty.Of("DeviceAllow", allowed)];
    }

    // Null where systemd has no word for it: a minor number of all drivers, a driver that is not there.
    static string? NameOf(DeviceMatch match, string devices)
    {
        string kind = match.Type == 'b' ? "block" : "char";
        return (match.Major, match.Minor) switch
        {
            (DeviceMatch.Any, DeviceMatch.Any) => $"{kind}-*",
            (DeviceMatch.Any, _) => null,
            (_, DeviceMatch.Any) => Driver(match, devices) is { } driver ? $"{kind}-{driver}" : null,
            _ => $"/dev/{kind}/{match.Major}:{match.Minor}",
        };
    }

    // /proc/devices has "Character devices:" with lines of a number and a name, then "Block devices:".
    static string? Driver(DeviceMatch match, string devices)
    {
        bool isBlock = false;
        foreach (string line in devices.Split('\n'))
        {
            isBlock |= line.StartsWith("Block", StringComparison.Ordinal);
            if (isBlock == (match.Type == 'b') && line.Trim().Split(' ') is [string number, string name] && number == match.Major.ToString())
            {
                return name;
            }
        }

        return null;
    }

    static string Letters(DeviceRights rights) =>
        (rights.HasFlag(DeviceRights.Read) ? "r" : "") + (rights.HasFlag(DeviceRights.Write) ? "w" : "") + (rights.HasFlag(DeviceRights.Mknod) ? "m" : "");
}
