using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Rootfs;

/// <summary>What the planner has to know besides the spec.</summary>
/// <param name="Bundle">Absolute path that relative sources and the root path count from.</param>
/// <param name="HasUserNamespace">The container's root is not the host's: read-only mounts get locked.</param>
/// <param name="MapIds">Caisson chose the ids, so what the engine prepared carries none of them.</param>
/// <param name="Pristine">Nested user namespaces shall be able to mount proc and sysfs.</param>
public sealed record MountContext(string Bundle, bool HasUserNamespace, bool MapIds, bool Pristine)
{
    /// <summary>Destinations of binds that keep the host's owners.</summary>
    public IReadOnlyList<string> Unmapped { get; init; } = [];

    /// <summary>Destinations of binds that must be mapped.</summary>
    public IReadOnlyList<string> Mapped { get; init; } = [];
}

/// <summary>From the spec to a <see cref="MountPlan"/>; pure.</summary>
public static class MountPlanner
{
    const string PristinePath = "/dev/.caisson";

    static readonly DeviceNode[] DefaultDevices =
    [
        Character("/dev/null", 1, 3), Character("/dev/zero", 1, 5), Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8), Character("/dev/urandom", 1, 9), Character("/dev/tty", 5, 0),
    ];

    static readonly (string Path, string Target)[] DefaultLinks =
    [
        ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"), ("/dev/stdout", "/proc/self/fd/1"),
        ("/dev/stderr", "/proc/self/fd/2"), ("/dev/ptmx", "pts/ptmx"),
    ];

    public static MountPlan Plan(Spec spec, MountContext context)
    {
        string rootfs = Path.GetFullPath(Path.Combine(context.Bundle, spec.Root?.Path ?? "rootfs"));
        List<MountStep> mounts = [.. (spec.Mounts ?? []).Select(mount => Plan(mount, context, rootfs))];
        FindInside(mounts, rootfs);
        if (context.HasUserNamespace)
        {
            Lock(mounts);
        }

        // A /dev that is the host's own, bound, is not ours to fill.
        bool ownDev = !mounts.Exists(mount => mount.Destination == "/dev" && mount.Kind == MountKind.Bind);
        return new MountPlan
        {
            Rootfs = Path.Combine(context.Bundle, spec.Root?.Path ?? "rootfs"),
            ReadOnlyRoot = spec.Root?.Readonly ?? false,
            WorkingDirectory = spec.Process?.Cwd ?? "/",
            MapRootfs = context.MapIds,
            RootPropagation = MountOptions.PropagationOf(spec.Linux?.RootfsPropagation),
            Mounts = mounts,
            Devices = Devices(spec, ownDev),
            Links = ownDev ? DefaultLinks : [],
            MaskedPaths = [.. (spec.Linux?.MaskedPaths ?? []).Distinct()],
            ReadOnlyPaths = spec.Linux?.ReadonlyPaths ?? [],
            PristineDirectory = context.Pristine && mounts.Exists(IsDevTmpfs) ? PristinePath : null,
        };
    }

    static bool IsDevTmpfs(MountStep mount) => mount.Destination == "/dev" && mount.Kind == MountKind.New;

    static MountStep Plan(MountSpec mount, MountContext context, string rootfs)
    {
        MountOptions options = MountOptions.Parse(mount.Options);
        MountKind kind = KindOf(mount.Type, options);
        string source = mount.Source ?? mount.Type ?? "none";
        bool own = mount.UidMappings is { Length: > 0 };
        string destination = InRootfs(Clean(mount.Destination), rootfs) ?? Clean(mount.Destination);
        return new MountStep(
            kind,
            kind == MountKind.Bind ? "bind" : mount.Type ?? "none",
            kind == MountKind.Bind ? Path.GetFullPath(Path.Combine(context.Bundle, source)) : source,
            destination,
            options)
        {
            MapIds = kind == MountKind.Overlay
                ? context.MapIds
                : kind == MountKind.Bind && ((context.MapIds && !context.Unmapped.Contains(destination)) || options.IdMap || own),
            MustMapIds = options.IdMap || own || context.Mapped.Contains(destination),
            OwnUidMap = own ? IdMapText.Render(mount.UidMappings) : null,
            OwnGidMap = own ? IdMapText.Render(mount.GidMappings) : null,
        };
    }

    // As runc has it, a host path below the root file system means what is there in the container.
    static string? InRootfs(string path, string rootfs) =>
        rootfs != "/" && IsBelow(path, rootfs) ? Clean(path[rootfs.Length..]) : null;

    static void FindInside(List<MountStep> mounts, string rootfs)
    {
        HashSet<string> earlier = [];
        for (int i = 0; i < mounts.Count; i++)
        {
            if (mounts[i].Kind == MountKind.Bind && InRootfs(mounts[i].Source, rootfs) is { } inside && Ancestors(inside).Any(earlier.Contains))
            {
                mounts[i] = mounts[i] with { Inside = inside };
            }

            earlier.Add(mounts[i].Destination);
        }
    }

    /// <summary>A clean path and those of the directories above it, the root last.</summary>
    public static IEnumerable<string> Ancestors(string path)
    {
        for (string? at = path; at is { Length: > 0 }; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    static MountKind KindOf(string? type, MountOptions options) => type switch
    {
        _ when options.IsBind => MountKind.Bind,
        "bind" or "rbind" => MountKind.Bind,
        "proc" => MountKind.Proc,
        "sysfs" => MountKind.Sysfs,
        "mqueue" => MountKind.Mqueue,
        "devpts" => MountKind.Devpts,
        "cgroup" or "cgroup2" => MountKind.Cgroup,
        "overlay" when OverlayLayers.Parse(options.Data) is { Lower.Count: > 0 } => MountKind.Overlay,
        _ => MountKind.New,
    };

    // A read-only bind is attached before the container's mount namespace is copied. So is what it lies on, if that is a bind:
    // else the copy would not contain the place. On another file system (a tmpfs, /dev, /proc) it is attached later, unlocked.
    static void Lock(List<MountStep> mounts)
    {
        for (int i = 0; i < mounts.Count; i++)
        {
            if (mounts[i] is { Kind: MountKind.Bind, Options.IsReadOnly: true, Inside: null })
            {
                List<int> below = [.. Enumerable.Range(0, i).Where(j => IsBelow(mounts[i].Destination, mounts[j].Destination))];
                if (below.TrueForAll(j => mounts[j].Kind == MountKind.Bind))
                {
                    mounts[i] = mounts[i] with { Locked = true };
                    below.ForEach(j => mounts[j] = mounts[j] with { Locked = true });
                }
            }
        }
    }

    /// <summary>Is a path at or below another one? Both clean.</summary>
    public static bool IsBelow(string path, string directory) =>
        path == directory || directory == "/" || path.StartsWith(directory + "/", StringComparison.Ordinal);

    /// <summary>Absolute, without empty, . and .. components, as the container's root would resolve them lexically.</summary>
    public static string Clean(string path) => Path.GetFullPath("/" + path).TrimEnd('/') is { Length: > 0 } clean ? clean : "/";

    static List<DeviceNode> Devices(Spec spec, bool ownDev)
    {
        List<DeviceNode> devices = [];
        // /dev/ptmx is a link to the container's own.
        foreach (LinuxDevice device in (spec.Linux?.Devices ?? []).Where(device => !ownDev || Clean(device.Path) != "/dev/ptmx"))
        {
            devices.Add(new DeviceNode(
                Clean(device.Path),
                device.Type switch { "b" => FileKind.BlockDevice, "p" => FileKind.Fifo, _ => FileKind.CharacterDevice },
                (uint)device.Major,
                (uint)device.Minor,
                (device.FileMode ?? 0x1B6 /* 0666 */) & 0xFFF,
                device.Uid ?? 0,
                device.Gid ?? 0));
        }

        // The spec's own node wins over the default one of that path.
        devices.AddRange(DefaultDevices.Where(known => ownDev && !devices.Exists(device => device.Path == known.Path)));
        return devices;
    }

    static DeviceNode Character(string path, uint major, uint minor) =>
        new(path, FileKind.CharacterDevice, major, minor, 0x1B6 /* 0666 */, 0, 0);
}
