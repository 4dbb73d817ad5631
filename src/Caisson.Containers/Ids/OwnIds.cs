using Caisson.Containers.Rootfs;
using Caisson.Kernel.Files;
using Caisson.Kernel.Namespaces;
using Caisson.Oci;

namespace Caisson.Containers.Ids;

/// <summary>
/// The ids that the command's own user namespace has. A container inside a container gets the same ones, each by its own number:
/// file systems that belong to somebody outside cannot be ID-mapped in here (can_idmap_mount of fs/namespace.c), so only with
/// these numbers are the files of its image its own. It still has a user namespace of its own, with no rights over ours.
/// </summary>
static class OwnIds
{
    public static IdMaps Read() => new(Identity("/proc/self/uid_map"), Identity("/proc/self/gid_map"));

    /// <summary>Whether the kernel lets nobody here, nor in user namespaces below, choose supplementary groups.</summary>
    public static bool DeniesGroups => !OwnUserNamespace.IsInitial && FileText.TryRead("/proc/self/setgroups")?.StartsWith("deny", StringComparison.Ordinal) == true;

    public static IReadOnlyList<LinuxIdMapping> Identity(string path) =>
        [.. IdMapText.Parse(FileText.Read(path)).Select(mapping => mapping with { HostId = mapping.ContainerId })];
}
