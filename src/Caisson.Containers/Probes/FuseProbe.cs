using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;

namespace Caisson.Containers.Probes;

/// <summary>A FUSE file system is mounted, as the view of /proc and /sys is one.</summary>
static class FuseProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        if (Stat.TryOf(Fd.CurrentDirectory, "/dev/fuse", out _) != Errno.None)
        {
            yield return Finding.Missing(
                "/dev/fuse is not there", "containers cannot have their own view of /proc and /sys (they start with io.caisson.view=off)",
                "modprobe fuse");
            yield break;
        }

        using FuseMount mount = FuseMount.Create();
        yield return Finding.Ok("a file system of our own was mounted, and is gone");
    }
}
