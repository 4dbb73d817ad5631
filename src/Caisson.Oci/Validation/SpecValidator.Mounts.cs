namespace Caisson.Oci;

public static partial class SpecValidator
{
    static void CheckMounts(Findings findings, Spec spec)
    {
        for (int i = 0; i < spec.Mounts?.Length; i++)
        {
            CheckMount(findings, spec, spec.Mounts[i], $"/mounts/{i}");
        }
    }

    static void CheckMount(Findings findings, Spec spec, MountSpec mount, string at)
    {
        if (mount.Destination.Length == 0)
        {
            findings.Error($"{at}/destination", "destination is missing", "give a path inside the container");
        }
        else if (mount.Destination[0] != '/')
        {
            findings.Warning($"{at}/destination", $"destination '{mount.Destination}' is taken as relative to /",
                "let it begin with /");
        }

        bool isBind = mount.Type == "bind" || Array.Exists(mount.Options ?? [], o => o is "bind" or "rbind");
        if (isBind && mount.Source is null)
        {
            findings.Error($"{at}/source", "a bind mount has no source", "name the file or directory to bind");
        }

        findings.NoNul(mount.Destination, $"{at}/destination");
        findings.NoNul(mount.Type, $"{at}/type");
        findings.NoNul(mount.Source, $"{at}/source");
        findings.NoNul(mount.Options, $"{at}/options");
        CheckIdMapped(findings, spec, mount, isBind, at);
    }

    // config.md#posix-platform-mounts: mappings of the mount's own, or by an option those of the container.
    static void CheckIdMapped(Findings findings, Spec spec, MountSpec mount, bool isBind, string at)
    {
        bool hasUids = mount.UidMappings is { Length: > 0 };
        bool hasGids = mount.GidMappings is { Length: > 0 };
        int option = Array.FindIndex(mount.Options ?? [], o => o is "idmap" or "ridmap");
        if (!hasUids && !hasGids && option < 0)
        {
            return;
        }

        if (!isBind)
        {
            findings.Error(at, "only bind mounts can be id-mapped", "remove the mappings, or add the option bind");
        }

        if (hasUids != hasGids)
        {
            findings.Error($"{at}/{(hasUids ? "gidMappings" : "uidMappings")}",
                "an id-mapped mount needs mappings of both kinds", "add the other mappings");
        }
        else if (!hasUids && !Has(spec.Linux, "user"))
        {
            findings.Error($"{at}/options/{option}", "there is neither a mapping nor a user namespace to take it from",
                "add uidMappings and gidMappings to the mount");
        }

        CheckMappings(findings, mount.UidMappings, $"{at}/uidMappings");
        CheckMappings(findings, mount.GidMappings, $"{at}/gidMappings");
    }
}
