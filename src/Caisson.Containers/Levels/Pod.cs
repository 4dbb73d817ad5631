using Caisson.Oci;

namespace Caisson.Containers.Levels;

/// <summary>What Kubernetes' engines (containerd's CRI plugin, CRI-O) tell of a container's pod by annotations.</summary>
static class Pod
{
    static readonly string[] Kinds = ["io.kubernetes.cri.container-type", "io.kubernetes.cri-o.ContainerType"];

    static readonly string[] Ids = ["io.kubernetes.cri.sandbox-id", "io.kubernetes.cri-o.SandboxID"];

    /// <summary>
    /// Is it the pod's first container? It keeps the pod's namespaces and its id range, and its program only sleeps: it needs no
    /// view of /proc and /sys and no storage.
    /// </summary>
    public static bool IsSandbox(Spec spec) => Kinds.Any(name => spec.Annotations?.GetValueOrDefault(name) == "sandbox");

    /// <summary>The pod's id, which all of its containers are told; null outside of pods.</summary>
    public static string? IdOf(IReadOnlyDictionary<string, string>? annotations) =>
        Ids.Select(name => annotations?.GetValueOrDefault(name)).FirstOrDefault(id => !string.IsNullOrEmpty(id));
}
