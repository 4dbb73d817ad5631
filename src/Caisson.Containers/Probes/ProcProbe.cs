using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Mounts;
using Caisson.Kernel.Namespaces;

namespace Caisson.Containers.Probes;

/// <summary>procfs and sysfs as the program makes them for a container: by the new mount API.</summary>
static class ProcProbe
{
    public static IEnumerable<Finding> Look(Host host)
    {
        using Fd own = Namespace.OpenOwn("pid");
        using Fd? byNamespace = ProcMount.TryCreate(own, [], MountAttributes.MOUNT_ATTR_NOSUID);
        using Fd proc = byNamespace ?? ProcMount.CreateInside(own, [], MountAttributes.MOUNT_ATTR_NOSUID);
        _ = FileText.Read(proc, "uptime");
        yield return Finding.Ok(byNamespace is not null
            ? "made without a fork (option pidns of Linux 6.17)"
            : "made by a helper process (before Linux 6.17)");
    }
}
