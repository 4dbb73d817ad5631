using System.Collections.Immutable;

namespace Caisson.Containers.Options;

/// <summary>All options (docs/options.md is made from this).</summary>
public static class OptionTable
{
    public static ContainerOption View { get; } = new(
        "view", "on, off", "on", "The container's own view of /proc and /sys, and the harmless device nodes that can be made inside.");

    public static ContainerOption Ids { get; } = new(
        "ids", "a number from 65536 to 134217728", "65536", "How many user and group ids the container has: more than usual where users inside have subordinate ids of their own.");

    public static ContainerOption Capabilities { get; } = new(
        "capabilities", "all, spec", "all",
        "Which capabilities the processes have inside: all of their user namespace, as on a machine, or those of the spec (`--cap-add`, `--cap-drop`).",
        new SysboxName("SYSBOX_HONOR_CAPS", value => value switch { "TRUE" => "spec", "FALSE" => "all", _ => null }));

    public static ContainerOption Unmapped { get; } = new(
        "unmapped", "paths inside separated by commas", "none",
        "Bind mounts that keep the host's owners. Without it root inside owns what root owns there; what other ids of the host own shows as nobody's.",
        new SysboxName("SYSBOX_SKIP_UID_SHIFT", value => value));

    public static ContainerOption Mapped { get; } = new(
        "mapped", "paths inside separated by commas", "none",
        "Bind mounts without which the container must not start if their ids cannot be mapped. Without it that is a warning.");

    public static ContainerOption DiskSize { get; } = new(
        "disk-size", "a size such as 10G", "no limit",
        "How much the root file system and what inner engines store may take together, by a project quota of ext4 or xfs (mount option prjquota). "
        + "What lies on another file system has a budget of the same size there. `df` inside shows it.");

    public static ContainerOption DiskInodes { get; } = new(
        "disk-inodes", "a number from 1", "no limit", "The same for the number of files and directories.");

    public static ImmutableArray<ContainerOption> All { get; } = [View, Ids, Capabilities, Unmapped, Mapped, DiskSize, DiskInodes];

    /// <summary>Those that the host's configuration may set for all containers: the others are about one container's mounts.</summary>
    public static ImmutableArray<ContainerOption> ForHosts { get; } = [View, Ids, Capabilities, DiskSize, DiskInodes];

    /// <summary>Variables of Sysbox's that are understood and change nothing, with the reason.</summary>
    public static ImmutableArray<UnusedName> WithoutEffect { get; } =
    [
        new("SYSBOX_IGNORE_SYSFS_CHOWN", "chown(2) below /sys fails as it does in any user namespace"),
        new("SYSBOX_ALLOW_TRUSTED_XATTR", "trusted attributes stay the host's; overlays inside use user.overlay ones"),
        new("SYSBOX_SYSCONT_MODE", "use --isolation=plain for an ordinary container"),
    ];
}
