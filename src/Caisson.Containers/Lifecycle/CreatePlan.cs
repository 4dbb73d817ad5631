using Caisson.Containers.Namespaces;
using Caisson.Containers.Rootfs;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>Everything about a container that follows from its spec and the host's layout, before anything is made.</summary>
/// <param name="Spec">The spec with the isolation level's changes.</param>
/// <param name="Namespaces">Which are new, joined or the host's.</param>
/// <param name="Ids">Its id mappings.</param>
/// <param name="Mounts">Its tree.</param>
sealed record CreatePlan(Spec Spec, NamespacePlan Namespaces, IdMaps Ids, MountPlan Mounts)
{
    public ProcessSpec Process => Spec.Process!;
}
