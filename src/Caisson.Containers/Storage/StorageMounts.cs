using Caisson.Containers.Rootfs;

namespace Caisson.Containers.Storage;

/// <summary>The mounts that put a container's storage where its engines look for it.</summary>
public static class StorageMounts
{
    public static MountPlan AddTo(MountPlan plan, IReadOnlyList<StorageEntry> storage) => plan with
    {
        Mounts =
        [
            .. plan.Mounts,
            .. storage.SelectMany(entry => (IEnumerable<MountStep>)[OwnOf(entry), .. entry.Shared.Select(layer => SharedOf(entry, layer))]),
        ],
    };

    static MountStep OwnOf(StorageEntry entry) =>
        new(MountKind.Bind, "bind", entry.Directory, entry.Destination, MountOptions.Parse(["bind", "rprivate"]))
        {
            MapIds = true,
            MustMapIds = true,
        };

    static MountStep SharedOf(StorageEntry entry, SharedLayer layer) =>
        new(MountKind.Bind, "bind", layer.Layer, $"{entry.Destination}/{layer.Path}", MountOptions.Parse(["bind", "ro", "rprivate"]))
        {
            Below = $"{entry.Destination[1..]}/{layer.Path}",
            MapIds = true,
            MustMapIds = true,
            StaysReadOnly = true,
        };
}
