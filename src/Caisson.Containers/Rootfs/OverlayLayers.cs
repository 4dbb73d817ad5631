using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

/// <summary>
/// The layers of an overlay: of one that the engine has mounted, read from its line of mountinfo with the options that a second
/// overlay over the same layers needs, or of one that a spec asks for.
/// </summary>
/// <param name="Lower">Lowest priority last, as <c>lowerdir</c> lists them; may be relative to where the engine stood.</param>
/// <param name="Upper">Null for a read-only overlay.</param>
/// <param name="Work">The engine's work directory, which must not be shared.</param>
/// <param name="Options">volatile, metacopy and the like, to be repeated.</param>
public sealed record OverlayLayers(IReadOnlyList<string> Lower, string? Upper, string? Work, IReadOnlyList<string> Options)
{
    static readonly HashSet<string> Kept =
    [
        "redirect_dir", "index", "uuid", "nfs_export", "xino", "metacopy", "volatile", "userxattr", "verity", "fsync",
    ];

    /// <summary>Null where the mount is no overlay.</summary>
    public static OverlayLayers? Parse(MountInfo mount)
    {
        if (mount.Type != "overlay")
        {
            return null;
        }

        List<(string, string?)> options = [];
        // The kernel escapes commas inside values, so every bare comma separates two options.
        foreach (string option in mount.SuperOptions.Split(','))
        {
            int equals = option.IndexOf('=');
            string key = equals < 0 ? option : option[..equals];
            if (Kept.Contains(key) || key is "lowerdir" or "lowerdir+" or "upperdir" or "workdir")
            {
                options.Add((key, equals < 0 ? null : MountInfo.Unescape(option[(equals + 1)..])));
            }
        }

        return Parse(options);
    }

    /// <summary>Those of a mount by its options. Null where it has data-only layers, which cannot be given by short names.</summary>
    public static OverlayLayers? Parse(IReadOnlyList<(string Key, string? Value)> given)
    {
        List<string> lower = [];
        List<string> data = [];
        List<string> options = [];
        string? upper = null;
        string? work = null;
        foreach ((string key, string? value) in given)
        {
            switch (key)
            {
                case "lowerdir":
                    SplitLayers(value ?? "", lower, data);
                    break;
                case "lowerdir+":
                    lower.Add(value ?? "");
                    break;
                case "upperdir":
                    upper = Unquote(value ?? "");
                    break;
                case "workdir":
                    work = Unquote(value ?? "");
                    break;
                case "datadir+":
                    data.Add(value ?? "");
                    break;
                default:
                    options.Add(value is null ? key : $"{key}={value}");
                    break;
            }
        }

        return data.Count > 0 ? null : new OverlayLayers(lower, upper, work, options);
    }

    /// <summary>
    /// The same with absolute paths. Engines shorten long lists by standing in a directory above the layers when they mount: the
    /// first one above the mount or its upper layer in which the relative ones are found.
    /// </summary>
    /// <param name="target">Where the overlay is mounted.</param>
    public OverlayLayers Resolve(string target)
    {
        string? relative = Upper?.StartsWith('/') == false ? Upper : Lower.FirstOrDefault(lower => !lower.StartsWith('/'));
        if (relative is null)
        {
            return this;
        }

        string standing = Above(Upper ?? target).Concat(Above(target))
            .FirstOrDefault(at => Stat.TryOf(Fd.CurrentDirectory, Path.Combine(at, relative), out _) == Errno.None, "/");
        return this with
        {
            Lower = [.. Lower.Select(lower => Path.Combine(standing, lower))],
            Upper = Upper is null ? null : Path.Combine(standing, Upper),
            Work = Work is null ? null : Path.Combine(standing, Work),
        };
    }

    /// <summary>
    /// Whether the layers still are where they were. Podman's are not, when it maps ids itself: it mounts the overlay over
    /// ID-mapped copies of its layers, and unmounts those again.
    /// </summary>
    public bool IsThere => Stat.TryOf(Fd.CurrentDirectory, Lower[0], out _) == Errno.None;

    static IEnumerable<string> Above(string path)
    {
        for (string? at = Path.GetDirectoryName(path); at is { Length: > 0 }; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    // Layers are separated by single colons; "\:" is a colon of a name. A double colon starts data-only layers, which cannot
    // be rebuilt here.
    static void SplitLayers(string value, List<string> lower, List<string> data)
    {
        int start = 0;
        List<string> target = lower;
        for (int i = 0; i <= value.Length; i++)
        {
            if (i < value.Length && value[i] == '\\')
            {
                i++;
            }
            else if (i == value.Length || value[i] == ':')
            {
                if (i > start)
                {
                    target.Add(Unquote(value[start..i]));
                }
                else if (i < value.Length && i > 0)
                {
                    target = data;
                }

                start = i + 1;
            }
        }
    }

    static string Unquote(string path)
    {
        if (!path.Contains('\\'))
        {
            return path;
        }

        System.Text.StringBuilder text = new();
        for (int i = 0; i < path.Length; i++)
        {
            i += path[i] == '\\' && i + 1 < path.Length ? 1 : 0;
            text.Append(path[i]);
        }

        return text.ToString();
    }
}
