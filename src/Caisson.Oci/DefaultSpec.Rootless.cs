namespace Caisson.Oci;

public static partial class DefaultSpec
{
    /// <summary>
    /// What an ordinary user may start, as runc changes it: the user is root inside, the network is the host's, and so, bound, is
    /// sysfs, which only the owner of a network namespace may mount.
    /// </summary>
    /// <param name="spec">Of <see cref="Create"/>.</param>
    /// <param name="uid">The user's.</param>
    /// <param name="gid">The user's.</param>
    public static Spec ToRootless(Spec spec, uint uid, uint gid) => spec with
    {
        Mounts =
        [
            .. (spec.Mounts ?? []).Select(mount => mount.Destination == "/sys"
                ? Mount("/sys", "none", "/sys", ["rbind", "nosuid", "noexec", "nodev", "ro"])
                : mount with { Options = mount.Options is null ? null : [.. mount.Options.Where(option => !IsId(option))] }),
        ],
        Linux = (spec.Linux ?? new Linux()) with
        {
            Namespaces =
            [
                .. (spec.Linux?.Namespaces ?? []).Where(entry => entry.Type is not ("network" or "user")),
                new LinuxNamespace { Type = "user" },
            ],
            UidMappings = [new LinuxIdMapping(0, uid, 1)],
            GidMappings = [new LinuxIdMapping(0, gid, 1)],
            Resources = null,
        },
    };

    static bool IsId(string option) =>
        option.StartsWith("uid=", StringComparison.Ordinal) || option.StartsWith("gid=", StringComparison.Ordinal);
}
