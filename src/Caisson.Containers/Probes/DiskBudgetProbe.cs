using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Probes;

/// <summary>Whether file systems hold projects to limits.</summary>
static class DiskBudgetProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        if (!OwnUserNamespace.IsInitial)
        {
            yield return Finding.Note("this is a container: the one around it can have one");
            yield break;
        }

        foreach (string place in host.StoragePlaces)
        {
            using Fd directory = OpenAt2.Open(place, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
            yield return ProjectQuota.IsEnforced(directory)
                ? Finding.Ok($"{place}: project quotas are in force")
                : Finding.Note(
                    $"{place}: {IdMappedMountProbe.TypeOf(place)} without project quotas",
                    "io.caisson.disk-size and Docker's --storage-opt size are refused",
                    "mount it with prjquota: xfs, or ext4 after `tune2fs -O project,quota DEVICE` while it is not mounted");
        }
    }
}
