using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

/// <summary>What the option strings of one mount mean (mount(8), and the extensions of config.md#linux-mount-options).</summary>
public sealed record MountOptions
{
    public MountAttributes Set { get; private set; }

    public MountAttributes Clear { get; private set; }

    /// <summary>Attributes for the whole tree: <c>rro</c> and its kind.</summary>
    public MountAttributes RecursiveSet { get; private set; }

    public MountAttributes RecursiveClear { get; private set; }

    public bool IsBind { get; private set; }

    public bool IsRecursiveBind { get; private set; }

    /// <summary>MS_PRIVATE and the like, with MS_REC; 0 where none was asked for.</summary>
    public MountFlags Propagation { get; private set; }

    public bool CopyUp { get; private set; }

    /// <summary><c>idmap</c> or <c>ridmap</c>: map ids by the mount's own mappings, or by the container's.</summary>
    public bool IdMap { get; private set; }

    public bool RecursiveIdMap { get; private set; }

    /// <summary>What the file system itself is told, in order; a null value is a flag.</summary>
    public IReadOnlyList<(string Key, string? Value)> Data { get; private set; } = [];

    public bool IsReadOnly => Set.HasFlag(MountAttributes.MOUNT_ATTR_RDONLY) || RecursiveSet.HasFlag(MountAttributes.MOUNT_ATTR_RDONLY);

    static readonly Dictionary<string, (MountAttributes Set, MountAttributes Clear)> Attributes = new()
    {
        ["ro"] = (MountAttributes.MOUNT_ATTR_RDONLY, 0),
        ["rw"] = (0, MountAttributes.MOUNT_ATTR_RDONLY),
        ["nosuid"] = (MountAttributes.MOUNT_ATTR_NOSUID, 0),
        ["suid"] = (0, MountAttributes.MOUNT_ATTR_NOSUID),
        ["nodev"] = (MountAttributes.MOUNT_ATTR_NODEV, 0),
        ["dev"] = (0, MountAttributes.MOUNT_ATTR_NODEV),
        ["noexec"] = (MountAttributes.MOUNT_ATTR_NOEXEC, 0),
        ["exec"] = (0, MountAttributes.MOUNT_ATTR_NOEXEC),
        ["noatime"] = (MountAttributes.MOUNT_ATTR_NOATIME, MountAttributes.MOUNT_ATTR__ATIME),
        ["atime"] = (0, MountAttributes.MOUNT_ATTR__ATIME),
        ["relatime"] = (0, MountAttributes.MOUNT_ATTR__ATIME),
        ["norelatime"] = (0, MountAttributes.MOUNT_ATTR__ATIME),
        ["strictatime"] = (MountAttributes.MOUNT_ATTR_STRICTATIME, MountAttributes.MOUNT_ATTR__ATIME),
        ["nostrictatime"] = (0, MountAttributes.MOUNT_ATTR__ATIME),
        ["nodiratime"] = (MountAttributes.MOUNT_ATTR_NODIRATIME, 0),
        ["diratime"] = (0, MountAttributes.MOUNT_ATTR_NODIRATIME),
        ["nosymfollow"] = (MountAttributes.MOUNT_ATTR_NOSYMFOLLOW, 0),
        ["symfollow"] = (0, MountAttributes.MOUNT_ATTR_NOSYMFOLLOW),
    };

    static readonly Dictionary<string, MountFlags> Propagations = new()
    {
        ["private"] = MountFlags.MS_PRIVATE,
        ["rprivate"] = MountFlags.MS_PRIVATE | MountFlags.MS_REC,
        ["slave"] = MountFlags.MS_SLAVE,
        ["rslave"] = MountFlags.MS_SLAVE | MountFlags.MS_REC,
        ["shared"] = MountFlags.MS_SHARED,
        ["rshared"] = MountFlags.MS_SHARED | MountFlags.MS_REC,
        ["unbindable"] = MountFlags.MS_UNBINDABLE,
        ["runbindable"] = MountFlags.MS_UNBINDABLE | MountFlags.MS_REC,
    };

    // Words that ask for what is so anyway, or for what the kernel no longer does.
    static readonly HashSet<string> Ignored =
    [
        "defaults", "async", "loud", "nomand", "mand", "remount", "iversion", "noiversion", "nolazytime", "silent",
    ];

    /// <summary>All words that are understood here and not passed to a file system, for <c>features</c>.</summary>
    public static IEnumerable<string> Words =>
        Attributes.Keys
            .Concat(Attributes.Keys.Select(word => "r" + word))
            .Concat(Propagations.Keys)
            .Concat(Ignored)
            .Concat(["bind", "rbind", "tmpcopyup", "idmap", "ridmap"])
            .Order(StringComparer.Ordinal);

    public static MountOptions Parse(IEnumerable<string>? options)
    {
        MountOptions parsed = new();
        List<(string, string?)> data = [];
        foreach (string option in options ?? [])
        {
            parsed.Take(option, data);
        }

        parsed.Data = data;
        return parsed;
    }

    /// <summary>The flags of a root file system's propagation (config-linux.md#rootfs-mount-propagation).</summary>
    public static MountFlags PropagationOf(string? name) =>
        name is not null && Propagations.TryGetValue(name, out MountFlags flags) ? flags : MountFlags.None;

    void Take(string option, List<(string Key, string? Value)> data)
    {
        if (Attributes.TryGetValue(option, out (MountAttributes Set, MountAttributes Clear) one))
        {
            // The last word counts: "ro,rw" is writable. "ro" must be told as set, so that clearing undoes only this option.
            Set = (Set & ~one.Clear) | one.Set;
            Clear = (Clear & ~one.Set) | one.Clear;
        }
        else if (option.Length > 1 && option[0] == 'r' && Attributes.TryGetValue(option[1..], out one))
        {
            RecursiveSet = (RecursiveSet & ~one.Clear) | one.Set;
            RecursiveClear = (RecursiveClear & ~one.Set) | one.Clear;
        }
        else if (Propagations.TryGetValue(option, out MountFlags propagation))
        {
            Propagation = propagation;
        }
        else
        {
            TakeWord(option, data);
        }
    }

    void TakeWord(string option, List<(string Key, string? Value)> data)
    {
        switch (option)
        {
            case "bind":
                IsBind = true;
                break;
            case "rbind":
                IsBind = IsRecursiveBind = true;
                break;
            case "tmpcopyup":
                CopyUp = true;
                break;
            case "idmap":
                IdMap = true;
                break;
            case "ridmap":
                IdMap = RecursiveIdMap = true;
                break;
            case var word when Ignored.Contains(word):
                break;
            default:
                int equals = option.IndexOf('=');
                data.Add(equals < 0 ? (option, null) : (option[..equals], option[(equals + 1)..]));
                break;
        }
    }
}
