namespace Caisson.Oci;

public static partial class SpecValidator
{
    static readonly string[] NamespaceTypes =
        ["pid", "network", "mount", "ipc", "uts", "user", "cgroup", "time"];

    static readonly string[] Clocks = ["monotonic", "boottime"];

    static LinuxNamespace? Find(Linux? linux, string type) =>
        Array.Find(linux?.Namespaces ?? [], n => n.Type == type);

    static bool Has(Linux? linux, string type) => Find(linux, type) is not null;

    static void CheckNamespaces(Findings findings, Linux linux)
    {
        LinuxNamespace[] namespaces = linux.Namespaces ?? [];
        for (int i = 0; i < namespaces.Length; i++)
        {
            LinuxNamespace current = namespaces[i];
            string at = $"/linux/namespaces/{i}";
            findings.OneOf(current.Type, NamespaceTypes, $"{at}/type", "namespace");
            int first = Array.FindIndex(namespaces, n => n.Type == current.Type);
            if (first < i)
            {
                findings.Error($"{at}/type", $"namespace '{current.Type}' is already entry {first}",
                    "keep one of them");
            }

            if (current.Path is not null)
            {
                findings.Absolute(current.Path, $"{at}/path", "path");
            }
        }

        CheckUserNamespace(findings, linux);
        CheckTimeNamespace(findings, linux);
    }

    static void CheckUserNamespace(Findings findings, Linux linux)
    {
        CheckMappings(findings, linux.UidMappings, "/linux/uidMappings");
        CheckMappings(findings, linux.GidMappings, "/linux/gidMappings");
        bool hasUids = linux.UidMappings is { Length: > 0 };
        bool hasGids = linux.GidMappings is { Length: > 0 };
        LinuxNamespace? user = Find(linux, "user");
        if (user is null)
        {
            if (hasUids || hasGids)
            {
                findings.Error(hasUids ? "/linux/uidMappings" : "/linux/gidMappings",
                    "mappings without a user namespace", "add a namespace of type user, or remove the mappings");
            }
        }
        else if (user.Path is not null)
        {
            // runc takes mappings that match the joined namespace's; only the system can tell whether they do.
            if (hasUids || hasGids)
            {
                findings.Warning(hasUids ? "/linux/uidMappings" : "/linux/gidMappings",
                    "a user namespace that is joined has its mappings already", "remove the mappings");
            }
        }
        else
        {
            CheckMapped(findings, hasUids, "/linux/uidMappings");
            CheckMapped(findings, hasGids, "/linux/gidMappings");
        }
    }

    static void CheckMapped(Findings findings, bool hasMappings, string at)
    {
        if (!hasMappings)
        {
            findings.Error(at, "a user namespace needs mappings", "add a mapping for id 0 at least");
        }
    }

    static void CheckTimeNamespace(Findings findings, Linux linux)
    {
        if (linux.TimeOffsets is null)
        {
            return;
        }

        LinuxNamespace? time = Find(linux, "time");
        if (time is null)
        {
            findings.Error("/linux/timeOffsets", "time offsets without a time namespace",
                "add a namespace of type time, or remove timeOffsets");
        }
        else if (time.Path is not null)
        {
            findings.Error("/linux/timeOffsets", "the offsets of a time namespace that is joined cannot be set",
                "remove timeOffsets or the namespace's path");
        }

        foreach ((string clock, TimeOffset offset) in linux.TimeOffsets)
        {
            string at = $"/linux/timeOffsets/{Problem.Step(clock)}";
            findings.OneOf(clock, Clocks, at, "clock");
            if (offset.Nanosecs >= 1_000_000_000)
            {
                findings.Error($"{at}/nanosecs", $"{offset.Nanosecs} is a second or more",
                    "use secs for whole seconds");
            }
        }
    }
}
