namespace Caisson.Containers.Storage;

/// <summary>A directory that an inner engine keeps overlay layers in, and the mode that it makes it with.</summary>
public readonly record struct StorageKind(string Name, string Path, uint Mode);

/// <summary>The directories that get real storage in every system container (docs/architecture.md, "Storage").</summary>
public static class StorageKinds
{
    public const string Docker = "docker";

    const uint Usual = 0x1ED; // 0755

    public static IReadOnlyList<StorageKind> All { get; } =
    [
        new(Docker, "/var/lib/docker", 0x1C8 /* 0710 */),
        new("containerd", "/var/lib/containerd", Usual),
        new("containers", "/var/lib/containers", Usual),
        new("buildkit", "/var/lib/buildkit", Usual),
        new("kubelet", "/var/lib/kubelet", Usual),
        new("k3s", "/var/lib/rancher/k3s", Usual),
        new("rke2", "/var/lib/rancher/rke2", Usual),
        new("k0s", "/var/lib/k0s", Usual),
        // Of a Caisson inside.
        new("caisson", "/var/lib/caisson", 0x1C0 /* 0700 */),
    ];

    internal static uint ModeOf(string kind)
    {
        foreach (StorageKind known in All)
        {
            if (known.Name == kind)
            {
                return known.Mode;
            }
        }

        return Usual;
    }
}
