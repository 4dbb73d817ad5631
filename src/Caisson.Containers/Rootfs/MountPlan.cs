using System.Text;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Rootfs;

/// <summary>Everything that is mounted, made or covered in a container's tree, in order. Data only.</summary>
public sealed record MountPlan
{
    /// <summary>Host path of the root file system.</summary>
    public required string Rootfs { get; init; }

    public bool ReadOnlyRoot { get; init; }

    /// <summary>The process's; made where it is missing.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The root file system's ids on disk are those inside the container (section 5 of the design).</summary>
    public bool MapRootfs { get; init; }

    /// <summary>Of the root mount after everything else; none means private.</summary>
    public MountFlags RootPropagation { get; init; }

    public IReadOnlyList<MountStep> Mounts { get; init; } = [];

    public IReadOnlyList<DeviceNode> Devices { get; init; } = [];

    /// <summary>Path and target of links in /dev.</summary>
    public IReadOnlyList<(string Path, string Target)> Links { get; init; } = [];

    public IReadOnlyList<string> MaskedPaths { get; init; } = [];

    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>A directory for whole instances of proc and sysfs that nested user namespaces need; null for none.</summary>
    public string? PristineDirectory { get; init; }

    /// <summary>One line an operation, for people and for golden tests.</summary>
    public string Render()
    {
        StringBuilder text = new();
        text.Append($"root {Rootfs}{(MapRootfs ? " idmap!" : "")}{(ReadOnlyRoot ? " ro" : "")} {RootPropagation}\n");
        Lines(text, "mount", Mounts);
        Lines(text, "node", Devices);
        Lines(text, "link", Links.Select(link => $"{link.Path} -> {link.Target}"));
        Lines(text, "readonly", ReadOnlyPaths);
        Lines(text, "mask", MaskedPaths);
        Lines<string>(text, "pristine", PristineDirectory is null ? [] : [PristineDirectory]);
        return text.ToString();
    }

    static void Lines<T>(StringBuilder text, string word, IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            text.Append($"{word} {item}\n");
        }
    }
}
