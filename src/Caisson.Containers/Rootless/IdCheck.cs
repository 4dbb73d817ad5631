using Caisson.Containers.Rootfs;
using Caisson.Oci;

namespace Caisson.Containers.Rootless;

/// <summary>Ids in a spec that its mappings do not have: the kernel would say EINVAL of each, late and without a name.</summary>
public static class IdCheck
{
    public static void AddProcess(List<Problem> problems, User? user, IdMaps ids)
    {
        if (user is not null)
        {
            Add(problems, "/process/user/uid", user.Uid, ids.Uids, "uid");
            Add(problems, "/process/user/gid", user.Gid, ids.Gids, "gid");
            for (int i = 0; i < (user.AdditionalGids?.Length ?? 0); i++)
            {
                Add(problems, $"/process/user/additionalGids/{i}", user.AdditionalGids![i], ids.Gids, "gid");
            }
        }
    }

    public static void AddMounts(List<Problem> problems, MountSpec[]? mounts, IdMaps ids)
    {
        for (int i = 0; i < (mounts?.Length ?? 0); i++)
        {
            foreach (string option in mounts![i].Options ?? [])
            {
                string at = $"/mounts/{i}/options";
                if (option.StartsWith("uid=", StringComparison.Ordinal) && uint.TryParse(option.AsSpan(4), out uint uid))
                {
                    Add(problems, at, uid, ids.Uids, "uid");
                }
                else if (option.StartsWith("gid=", StringComparison.Ordinal) && uint.TryParse(option.AsSpan(4), out uint gid))
                {
                    Add(problems, at, gid, ids.Gids, "gid");
                }
            }
        }
    }

    static void Add(List<Problem> problems, string pointer, uint id, IReadOnlyList<LinuxIdMapping> mappings, string kind)
    {
        if (mappings.ToHost(id) is null)
        {
            problems.Add(new Problem(
                pointer, $"{kind} {id} is not mapped into the container, which has {Text(mappings)}",
                $"use one of those, or add a mapping to /linux/{kind}Mappings"));
        }
    }

    static string Text(IReadOnlyList<LinuxIdMapping> mappings) => string.Join(
        ", ", mappings.Select(mapping => mapping.Size == 1 ? $"{mapping.ContainerId}" : $"{mapping.ContainerId} to {mapping.ContainerId + mapping.Size - 1}"));
}
