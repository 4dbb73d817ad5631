using Caisson.Containers.Levels;
using Caisson.Containers.State;
using Caisson.Kernel;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class ContainerCreation
{
    // CRI-O makes a pod's namespaces on the host, so that none of them tells whose ids the pod has: another container of it does.
    void JoinPod(CreateRequest request, Spec spec, JoinedNamespaces joined)
    {
        if (request.Isolation != Isolation.System || joined.User is not null || Pod.IdOf(spec.Annotations) is not { } pod)
        {
            return;
        }

        foreach (ContainerId id in store.List())
        {
            if (id != request.Id && FindMember(id, pod) is { } owner && joined.TryTakeUser(owner, spec.Linux!))
            {
                return;
            }
        }
    }

    // Its user namespace, while it runs.
    Fd? FindMember(ContainerId id, string pod)
    {
        try
        {
            using Container? other = Container.TryOpen(store, id);
            return other?.StateOrNull is { Isolation: Isolation.System, Pid: > 0 } state
                && Pod.IdOf(state.Annotations) == pod && other.Status != ContainerStatus.Stopped
                ? other.OpenUserNamespace()
                : null;
        }
        catch (Exception failure) when (failure is ContainerException or UserError or KernelException)
        {
            // It has just ended, or its state is damaged: no reason to fail another one.
            return null;
        }
    }
}
