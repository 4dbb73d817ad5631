using Caisson.Oci;

namespace Caisson.Containers.Levels;

/// <summary>
/// A pod's first container. It keeps the pod's namespaces and its id range, and its program only sleeps: it needs no view of
/// /proc and /sys and no storage. containerd's CRI plugin and CRI-O tell by an annotation.
/// </summary>
static class PodSandbox
{
    static readonly string[] Annotations = ["io.kubernetes.cri.container-type", "io.kubernetes.cri-o.ContainerType"];

    public static bool Is(Spec spec) => Annotations.Any(name => spec.Annotations?.GetValueOrDefault(name) == "sandbox");
}
