using System.Buffers;

namespace Caisson.Oci;

public static partial class SpecValidator
{
    // IFNAMSIZ less the terminating NUL.
    const int LongestInterfaceName = 15;

    static readonly SearchValues<char> NotInInterfaceNames = SearchValues.Create("/: \t\r\n\v\f\0");

    static readonly string[] Propagations =
    [
        "shared", "rshared", "slave", "rslave", "private", "rprivate", "unbindable", "runbindable",
    ];

    static readonly string[] Domains = ["LINUX", "LINUX32"];

    static void CheckLinux(Findings findings, Linux linux)
    {
        CheckNamespaces(findings, linux);
        CheckSysctls(findings, linux);
        CheckDevices(findings, linux.Devices);
        CheckNetDevices(findings, linux);
        CheckHiddenPaths(findings, linux, linux.MaskedPaths, "maskedPaths");
        CheckHiddenPaths(findings, linux, linux.ReadonlyPaths, "readonlyPaths");
        CheckCgroupsPath(findings, linux.CgroupsPath);
        CheckMemoryPolicy(findings, linux.MemoryPolicy);
        CheckIntelRdt(findings, linux.IntelRdt);
        CheckLabel(findings, linux.MountLabel, "/linux/mountLabel");
        if (linux.RootfsPropagation is not null)
        {
            findings.OneOf(linux.RootfsPropagation, Propagations, "/linux/rootfsPropagation", "propagation");
        }

        if (linux.Personality is { } personality)
        {
            findings.OneOf(personality.Domain, Domains, "/linux/personality/domain", "domain");
            if (personality.Flags is { Length: > 0 })
            {
                findings.Warning("/linux/personality/flags", "personality flags are ignored", "remove them");
            }
        }

        if (linux.Resources is not null)
        {
            CheckResources(findings, linux.Resources, "/linux/resources");
        }
    }

    static void CheckLabel(Findings findings, string? label, string at)
    {
        if (label is not null)
        {
            findings.Warning(at, "SELinux labels are not applied", "keep to what namespaces, capabilities and seccomp hold");
        }
    }

    static void CheckHiddenPaths(Findings findings, Linux linux, string[]? paths, string member)
    {
        if (paths is not { Length: > 0 })
        {
            return;
        }

        if (!Has(linux, "mount"))
        {
            findings.Error($"/linux/{member}", $"{member} without a mount namespace would change the host's mounts",
                $"add a namespace of type mount, or remove {member}");
        }

        for (int i = 0; i < paths.Length; i++)
        {
            if (!paths[i].StartsWith('/'))
            {
                findings.Warning($"/linux/{member}/{i}", $"'{paths[i]}' is taken as relative to /",
                    "let it begin with /");
            }
        }

        findings.NoNul(paths, $"/linux/{member}");
    }

    // With .. the container would get, and be able to delete, a cgroup outside of its parent.
    static void CheckCgroupsPath(Findings findings, string? path)
    {
        if (path is null)
        {
            return;
        }

        if (Array.IndexOf(path.Split('/', ':'), "..") >= 0)
        {
            findings.Error("/linux/cgroupsPath", $"'{path}' leads upwards", "write the path without ..");
        }

        findings.NoNul(path, "/linux/cgroupsPath");
    }

    static void CheckNetDevices(Findings findings, Linux linux)
    {
        if (linux.NetDevices is not { Count: > 0 } devices)
        {
            return;
        }

        if (!Has(linux, "network"))
        {
            findings.Error("/linux/netDevices", "network devices can only be moved to a network namespace",
                "add a namespace of type network, or remove netDevices");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, LinuxNetDevice device) in devices)
        {
            string at = $"/linux/netDevices/{Problem.Step(name)}";
            CheckInterfaceName(findings, name, at);
            CheckInterfaceName(findings, device.Name ?? name, $"{at}/name");
            if (!names.Add(device.Name ?? name))
            {
                findings.Error($"{at}/name", $"two devices would be called '{device.Name ?? name}'", "rename one");
            }
        }
    }

    static void CheckInterfaceName(Findings findings, string name, string at)
    {
        bool isName = name is { Length: > 0 and <= LongestInterfaceName } and not ("." or "..")
            && !name.AsSpan().ContainsAny(NotInInterfaceNames);
        if (!isName)
        {
            findings.Error(at, $"'{name.Replace('\0', '?')}' is not a name for a network interface",
                $"use 1 to {LongestInterfaceName} characters without /, : and blanks");
        }
    }

    static void CheckIntelRdt(Findings findings, LinuxIntelRdt? rdt)
    {
        // "/" alone is the root group.
        if (rdt?.ClosId is { } id && (id is "." or ".." || (id.Length > 1 && id.Contains('/'))))
        {
            findings.Error("/linux/intelRdt/closID", $"'{id}' is not a name below resctrl", "use a plain name");
        }

        findings.NoNul(rdt?.ClosId, "/linux/intelRdt/closID");
        findings.NoNul(rdt?.Schemata, "/linux/intelRdt/schemata");
        findings.NoNul(rdt?.L3CacheSchema, "/linux/intelRdt/l3CacheSchema");
        findings.NoNul(rdt?.MemBwSchema, "/linux/intelRdt/memBwSchema");
    }
}
