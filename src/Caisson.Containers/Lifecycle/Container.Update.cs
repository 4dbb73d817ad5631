using Caisson.Containers.State;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

public sealed partial class Container
{
    /// <summary>Changes the limits that are given; the others stay.</summary>
    public void Update(LinuxResources resources)
    {
        if (Status == ContainerStatus.Stopped)
        {
            throw new UserError($"container \"{Id.Value}\" is stopped", "limits can be changed while it is created, running or paused");
        }

        RequireCgroup().Update(resources);
    }
}
