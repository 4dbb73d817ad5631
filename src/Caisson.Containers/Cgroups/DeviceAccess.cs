using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>
/// What a list of device rules comes to: a default, and exceptions from it. Both kernel interfaces are fed from this, so
/// that the same rules mean the same on version 1 and version 2.
/// </summary>
public sealed class DeviceAccess
{
    readonly SortedDictionary<DeviceMatch, DeviceRights> _exceptions = new(DeviceMatch.Order);

    DeviceAccess()
    {
    }

    /// <summary>True where everything is allowed but the exceptions; false where only the exceptions are allowed.</summary>
    public bool AllowsByDefault { get; private set; }

    public IReadOnlyDictionary<DeviceMatch, DeviceRights> Exceptions => _exceptions;

    public bool AllowsEverything => AllowsByDefault && _exceptions.Count == 0;

    /// <summary>Rules in order, the later one counts; without any rule nothing is allowed.</summary>
    /// <param name="rules">linux.resources.devices.</param>
    /// <param name="always">Rules after these: the devices that every container has (<see cref="DeviceDefaults"/>).</param>
    public static DeviceAccess Plan(IEnumerable<LinuxDeviceCgroup> rules, IEnumerable<LinuxDeviceCgroup> always)
    {
        DeviceAccess access = new();
        int index = 0;
        foreach (LinuxDeviceCgroup rule in rules.Concat(always))
        {
            access.Apply(rule, $"/linux/resources/devices/{index++}");
        }

        return access;
    }

    /// <summary>From the text of devices.list; exceptions of a cgroup that allows by default do not show there.</summary>
    public static DeviceAccess ParseList(string list)
    {
        DeviceAccess access = new();
        foreach (string line in list.Split('\n'))
        {
            if (line.Split([' ', ':']) is not [[char type], string major, string minor, string rights])
            {
                continue;
            }

            if (type == 'a')
            {
                access.AllowsByDefault = true;
            }
            else
            {
                access._exceptions[new DeviceMatch(type, Number(major), Number(minor))] = Rights(rights);
            }
        }

        return access;
    }

    /// <summary>
    /// The writes that turn one state into another. Rules that stay are not touched: a container at work must not lose
    /// /dev/null for a moment because somebody updates its memory limit.
    /// </summary>
    public static IReadOnlyList<CgroupWrite> PlanTransition(DeviceAccess from, DeviceAccess to, string hierarchy)
    {
        List<CgroupWrite> writes = [];
        void Write(bool allow, string text) => writes.Add(
            new CgroupWrite(hierarchy, allow ? "devices.allow" : "devices.deny", text, FailureRule.IgnoreInUserNamespace));

        IReadOnlyDictionary<DeviceMatch, DeviceRights> old = from._exceptions;
        if (from.AllowsByDefault || to.AllowsByDefault)
        {
            // What a cgroup that allows by default denies is unknown, and a change of the default forgets all exceptions.
            Write(to.AllowsByDefault, "a");
            old = new Dictionary<DeviceMatch, DeviceRights>();
        }

        foreach ((DeviceMatch match, DeviceRights rights) in old)
        {
            DeviceRights dropped = rights & ~to._exceptions.GetValueOrDefault(match);
            if (dropped != DeviceRights.None)
            {
                Write(to.AllowsByDefault, $"{match} {Letters(dropped)}");
            }
        }

        foreach ((DeviceMatch match, DeviceRights rights) in to._exceptions)
        {
            DeviceRights gained = rights & ~old.GetValueOrDefault(match);
            if (gained != DeviceRights.None)
            {
                Write(!to.AllowsByDefault, $"{match} {Letters(gained)}");
            }
        }

        return writes;
    }

    public static string Letters(DeviceRights rights) =>
        (rights.HasFlag(DeviceRights.Read) ? "r" : "")
        + (rights.HasFlag(DeviceRights.Write) ? "w" : "")
        + (rights.HasFlag(DeviceRights.Mknod) ? "m" : "");

    void Apply(LinuxDeviceCgroup rule, string where)
    {
        if (rule.Type is null or "a")
        {
            AllowsByDefault = rule.Allow;
            _exceptions.Clear();
            return;
        }

        DeviceRights rights = Rights(rule.Access ?? "");
        if (rule.Type is not ("b" or "c") || rights == DeviceRights.None)
        {
            throw new UserError(
                $"{where}: type \"{rule.Type}\" with access \"{rule.Access}\" is no device rule",
                "type is a, b or c, access is made of the letters r, w and m");
        }

        DeviceMatch match = new(rule.Type[0], rule.Major ?? DeviceMatch.Any, rule.Minor ?? DeviceMatch.Any);
        if (rule.Allow != AllowsByDefault)
        {
            _exceptions[match] = _exceptions.GetValueOrDefault(match) | rights;
            return;
        }

        RefuseHole(match, rights, where);
        DeviceRights left = _exceptions.GetValueOrDefault(match) & ~rights;
        if (left == DeviceRights.None)
        {
            _exceptions.Remove(match);
        }
        else
        {
            _exceptions[match] = left;
        }
    }

    // Version 1 silently ignores a rule that takes a part out of a wider exception. Rather an error than a wrong belief.
    void RefuseHole(DeviceMatch match, DeviceRights rights, string where)
    {
        DeviceMatch[] wider =
        [
            match with { Major = DeviceMatch.Any },
            match with { Minor = DeviceMatch.Any },
            match with { Major = DeviceMatch.Any, Minor = DeviceMatch.Any },
        ];
        foreach (DeviceMatch one in wider)
        {
            if (one != match && (_exceptions.GetValueOrDefault(one) & rights) != DeviceRights.None)
            {
                throw new UserError(
                    $"{where}: \"{match} {Letters(rights)}\" would punch a hole into the rule for \"{one}\"",
                    "list the devices one by one instead of the wildcard");
            }
        }
    }

    static long Number(string text) => text == "*" ? DeviceMatch.Any : long.Parse(text);

    static DeviceRights Rights(string letters)
    {
        DeviceRights rights = DeviceRights.None;
        foreach (char letter in letters)
        {
            rights |= letter switch
            {
                'r' => DeviceRights.Read,
                'w' => DeviceRights.Write,
                'm' => DeviceRights.Mknod,
                _ => DeviceRights.None,
            };
        }

        return rights;
    }
}
