namespace Caisson.Oci;

public static partial class SpecValidator
{
    static readonly string[] DeviceTypes = ["c", "b", "u", "p"];

    static readonly string[] DeviceRuleTypes = ["a", "b", "c"];

    static void CheckDevices(Findings findings, LinuxDevice[]? devices)
    {
        for (int i = 0; i < devices?.Length; i++)
        {
            LinuxDevice device = devices[i];
            string at = $"/linux/devices/{i}";
            findings.Absolute(device.Path, $"{at}/path", "path");
            findings.OneOf(device.Type, DeviceTypes, $"{at}/type", "type");
            if (device.Type != "p")
            {
                CheckDeviceNumber(findings, device.Major, $"{at}/major", uint.MinValue);
                CheckDeviceNumber(findings, device.Minor, $"{at}/minor", uint.MinValue);
            }
        }
    }

    static void CheckDeviceRules(Findings findings, LinuxDeviceCgroup[]? rules, string at)
    {
        for (int i = 0; i < rules?.Length; i++)
        {
            LinuxDeviceCgroup rule = rules[i];
            findings.OneOf(rule.Type ?? "a", DeviceRuleTypes, $"{at}/{i}/type", "type");
            CheckDeviceNumber(findings, rule.Major ?? -1, $"{at}/{i}/major", -1);
            CheckDeviceNumber(findings, rule.Minor ?? -1, $"{at}/{i}/minor", -1);
            if (rule.Access is null || !rule.Access.AsSpan().ContainsAny("rwm"))
            {
                findings.Error($"{at}/{i}/access", rule.Access is null
                    ? "access is missing" : $"unknown access '{rule.Access}'", "use letters of rwm");
            }
            else if (rule.Access.AsSpan().ContainsAnyExcept("rwm"))
            {
                findings.Warning($"{at}/{i}/access", $"'{rule.Access}' has letters other than rwm, which are ignored", "use letters of rwm");
            }
        }
    }

    static void CheckDeviceNumber(Findings findings, long number, string at, long least)
    {
        if (number < least || number > uint.MaxValue)
        {
            findings.Error(at, $"{number} is not a device number", $"use {least} to {uint.MaxValue}");
        }
    }
}
