using Caisson.Containers.Rootfs;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// /linux/sysctl: written through the host's /proc by a thread that stands in the container's namespace, which is what
/// /proc/sys/net, ipc and uts entries go by. The validator has let through only names that are namespaced.
/// </summary>
static class Sysctls
{
    public static void Write(IReadOnlyDictionary<string, string>? sysctls, ContainerNamespaces namespaces, uint rootUid)
    {
        foreach ((string name, string value) in sysctls ?? new Dictionary<string, string>())
        {
            string path = SysctlName.ToPath(name) ?? throw new UserError($"/linux/sysctl: \"{name}\" is not a name", "see sysctl(8)");
            NamespaceKind kind = KindOf(path);
            ContainerException.During($"/linux/sysctl/{name}", () => namespaces.Within(kind, () =>
            {
                // Those of System V ipc are files of the root of the namespace's owner, and no capability helps.
                using EffectiveUser identity = EffectiveUser.Become(kind == NamespaceKind.CLONE_NEWIPC ? rootUid : 0);
                FileText.Write($"/proc/sys/{path}", value);
                return true;
            }));
        }
    }

    static NamespaceKind KindOf(string path) => path switch
    {
        _ when path.StartsWith("net/", StringComparison.Ordinal) => NamespaceKind.CLONE_NEWNET,
        "kernel/domainname" or "kernel/hostname" => NamespaceKind.CLONE_NEWUTS,
        _ => NamespaceKind.CLONE_NEWIPC,
    };
}
