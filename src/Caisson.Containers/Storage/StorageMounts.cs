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
            .. storage.Select(entry => new MountStep(
                MountKind.Bind, "bind", entry.Directory, entry.Destination, MountOptions.Parse(["bind", "rprivate"]))
            {
                MapIds = true,
                MustMapIds = true,
            }),
        ],
    };
}
