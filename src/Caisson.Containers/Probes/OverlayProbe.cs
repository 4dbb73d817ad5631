using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;

namespace Caisson.Containers.Probes;

/// <summary>
/// What a root file system is: an overlay over ID-mapped layers, in which root of the container makes a file that belongs to root of
/// the host on disk.
/// </summary>
static class OverlayProbe
{
    const uint Mode = 0x1C0; // 0700

    public static IEnumerable<Finding> Look(Host host)
    {
        string name = $".caisson-doctor-{Environment.ProcessId}";
        using Fd ids = TrialIds.Create();
        foreach (string place in host.StoragePlaces)
        {
            using Fd parent = OpenAt2.Open(place, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            Directories.TryMake(parent, name, Mode);
            try
            {
                yield return Try(place, Path.Combine(place, name), ids);
            }
            finally
            {
                Directories.RemoveTree(parent, name);
            }
        }
    }

    static Finding Try(string place, string trial, Fd ids)
    {
        using Fd directory = OpenAt2.Open(trial, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        foreach (string layer in (string[])["lower", "upper", "work"])
        {
            Directories.TryMake(directory, layer, Mode);
        }

        try
        {
            // Its mounts go with the thread.
            Namespace.OnOwnThread(() => MakeInOverlay(trial, ids));
        }
        catch (Exception refused) when (refused is KernelException or UserError)
        {
            return Finding.Missing(
                $"{place}: {refused.Message}", "images there cannot be root file systems of system containers",
                "use Linux 5.19 or later, and keep the engine's data on ext4, xfs or btrfs");
        }

        using Fd upper = OpenAt2.Open(directory, "upper", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        return Stat.TryOf(upper, "made", out statx made) == Errno.None && made.stx_uid == 0
            ? Finding.Ok($"{place}: what root inside makes is root's on disk")
            : Finding.Missing($"{place}: what root inside makes is uid {made.stx_uid}'s on disk", "docker commit would not be right", "use Linux 5.19 or later");
    }

    static bool MakeInOverlay(string trial, Fd ids)
    {
        Namespace.Unshare(NamespaceKind.CLONE_NEWNS);
        Mount.SetPropagation("/", MountFlags.MS_SLAVE | MountFlags.MS_REC);
        using OverlayMount overlay = OverlayMount.Open(new OverlayLayers([$"{trial}/lower"], $"{trial}/upper", $"{trial}/work", []));
        using Fd stage = Staging.OpenPlace();
        using Fd mount = overlay.Mount(stage, ids, TrialIds.Maps);
        using FsIdentity root = FsIdentity.Become(TrialIds.Maps.RootUid, TrialIds.Maps.RootGid);
        return Directories.TryMake(mount, "made", Mode);
    }
}
