using Caisson.Containers.Rootfs;
using Caisson.Oci;

namespace Caisson.Containers.Rootless;

/// <summary>What the spec of a container must have that an ordinary user starts; pure, and as runc has it.</summary>
public static class RootlessCheck
{
    public static IReadOnlyList<Problem> Validate(Spec spec)
    {
        const string remedy = "caisson spec --rootless writes a config.json with what is needed";
        LinuxNamespace? user = (spec.Linux?.Namespaces ?? []).FirstOrDefault(entry => entry.Type == "user");
        if (user is null)
        {
            return [new Problem("/linux/namespaces", "rootless container requires user namespaces", remedy)];
        }

        LinuxIdMapping[] uids = spec.Linux!.UidMappings ?? [];
        LinuxIdMapping[] gids = spec.Linux.GidMappings ?? [];
        List<Problem> problems = [];
        if (user.Path is null && uids.Length == 0)
        {
            problems.Add(new Problem("/linux/uidMappings", "rootless containers requires at least one UID mapping", remedy));
        }

        if (user.Path is null && gids.Length == 0)
        {
            problems.Add(new Problem("/linux/gidMappings", "rootless containers requires at least one GID mapping", remedy));
        }

        if (problems.Count == 0 && user.Path is null)
        {
            IdMaps ids = new(uids, gids);
            IdCheck.AddProcess(problems, spec.Process?.User, ids);
            if (spec.Process?.User?.AdditionalGids is { Length: > 0 } && gids is [{ Size: 1 }])
            {
                problems.Add(new Problem(
                    "/process/user/additionalGids", "cannot set any additional groups in a rootless container that has one group only",
                    "map more groups in /linux/gidMappings, for which /etc/subgid must name you"));
            }

            IdCheck.AddMounts(problems, spec.Mounts, ids);
        }

        return problems;
    }
}
