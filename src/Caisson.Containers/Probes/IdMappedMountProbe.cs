using Caisson.Containers.Rootfs;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Probes;

/// <summary>A detached copy of each file system that containers lie on is ID-mapped.</summary>
static class IdMappedMountProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        using Fd ids = TrialIds.Create();
        foreach (string place in host.StoragePlaces)
        {
            using Fd directory = OpenAt2.Open(place, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            using Fd copy = MountTree.Clone(directory, recursive: false, place);
            Errno errno = IdMapping.Try(copy, ids, recursive: false);
            yield return errno == Errno.None ? Finding.Ok($"{place}: {TypeOf(place)}") : Finding.Missing(
                $"{place}: {TypeOf(place)} refuses them: {errno.Describe()}", "root inside would not own the files of images and volumes there",
                "keep the engine's data (Docker: data-root) on ext4, xfs, btrfs or, from Linux 6.3, tmpfs");
        }
    }

    public static string TypeOf(string place)
    {
        using Fd directory = OpenAt2.Open(place, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        ulong mount = Stat.Of(directory).stx_mnt_id;
        return MountInfo.Find(FileText.ReadBytes("/proc/self/mountinfo"), mount)?.Type ?? "an unknown file system";
    }
}
