using Caisson.Containers.Rootfs;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// Which container's inner engines keep their store in which volume: two engines in one store destroy it. A claim is a record of
/// <see cref="OwnerRecords"/>, named by the volume's device and inode.
/// </summary>
public sealed class VolumeClaims(string directory)
{
    // Podman takes locks of its own in its store; what a Caisson inside keeps is by container.
    static readonly string[] Shareable = ["containers", "caisson"];

    public OwnerRecords Records { get; } = new(directory);

    /// <summary>Claims what is mounted exactly where an inner engine keeps its store.</summary>
    /// <exception cref="UserError">Another container has the volume at such a place.</exception>
    public void Claim(MountPlan plan, string stateDirectory)
    {
        foreach (MountStep mount in plan.Mounts)
        {
            if (mount.Kind == MountKind.Bind && !mount.Options.IsReadOnly
                && StorageKinds.All.Any(kind => kind.Path == mount.Destination && !Shareable.Contains(kind.Name))
                && Stat.TryOf(Fd.CurrentDirectory, mount.Source, out statx stat) == Errno.None)
            {
                ClaimOne($"{stat.stx_dev_major}-{stat.stx_dev_minor}-{stat.stx_ino}", mount, stateDirectory);
            }
        }
    }

    void ClaimOne(string name, MountStep mount, string stateDirectory)
    {
        using Fd records = Records.OpenLocked();
        if (OwnerRecords.HolderOf(records, name) is { } holder && holder != stateDirectory)
        {
            throw new UserError(
                $"mount \"{mount.Source}\" on {mount.Destination}: it is there in container \"{Path.GetFileName(holder)}\", too",
                "two engines in one store destroy it: give each container a volume of its own, or remove that container first");
        }

        OwnerRecords.Add(records, name, stateDirectory);
    }
}
