using System.Text;
using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;

namespace Caisson.Containers.Storage;

/// <summary>
/// Which container's inner engines keep their store in which volume: two engines in one store destroy it. A claim is a file,
/// named by the volume's device and inode, that names the state directory of the container that holds it.
/// </summary>
public sealed class VolumeClaims(string directory)
{
    const uint Private = 0x1C0; // 0700

    // Podman takes locks of its own in its store; what a Caisson inside keeps is by container.
    static readonly string[] Shareable = ["containers", "caisson"];

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

    /// <summary>Gives up what a state directory holds.</summary>
    public void ReleaseOf(string stateDirectory) => Release(owner => owner == stateDirectory);

    /// <summary>Gives up what belongs to nobody: a container whose state was removed by hand.</summary>
    public void DiscardStale() => Release(owner => !IsThere(owner));

    void Release(Func<string, bool> isReleased)
    {
        if (OpenAt2.TryOpen(
            Fd.CurrentDirectory, directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, ResolveFlags.None, 0, out Fd? claims) != Errno.None)
        {
            return;
        }

        using (claims)
        {
            foreach (string name in Directories.List(claims!))
            {
                if (FileText.TryRead(claims!, name) is { } owner && isReleased(owner))
                {
                    Directories.TryUnlink(claims!, name);
                }
            }
        }
    }

    void ClaimOne(string name, MountStep mount, string stateDirectory)
    {
        Directories.MakeAll(directory, Private);
        using Fd claims = OpenAt2.Open(directory, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        FileSystems.Lock(claims);
        if (FileText.TryRead(claims, name) is { } owner && owner != stateDirectory && IsThere(owner))
        {
            throw new UserError(
                $"mount \"{mount.Source}\" on {mount.Destination}: it is there in container \"{Path.GetFileName(owner)}\", too",
                "two engines in one store destroy it: give each container a volume of its own, or remove that container first");
        }

        FileText.Replace(claims, name, Encoding.UTF8.GetBytes(stateDirectory));
    }

    static bool IsThere(string stateDirectory) => Stat.TryOf(Fd.CurrentDirectory, stateDirectory, out _) == Errno.None;
}
