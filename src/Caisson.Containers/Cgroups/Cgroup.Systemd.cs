using Caisson.Containers.Systemd;
using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>
    /// Has systemd make the cgroup of a unit, which knows the limits and leaves what is below to us (Delegate=). Directories that
    /// systemd does not make (version 1 controllers that it does not use) are made here.
    /// </summary>
    /// <param name="path">With a unit.</param>
    /// <param name="resources">All limits.</param>
    /// <param name="devices">Device access as a whole.</param>
    /// <param name="containerId">For the unit's description.</param>
    public static Cgroup CreateUnit(CgroupPath path, LinuxResources resources, DeviceAccess devices, string containerId)
    {
        SystemdUnit unit = path.Unit!;
        CgroupPlan plan = ResourcePlanner.Plan(resources, [.. path.Directories.Keys]);
        using SystemdManager manager = SystemdManager.Connect();
        Placeholder? placeholder = unit.IsSlice ? null : new();
        try
        {
            manager.Start(unit.Name, UnitProperties.Plan(unit, containerId, placeholder?.Pid ?? 0, plan, devices));
            try
            {
                return Create(path, placeholder, mayMiss: false);
            }
            catch
            {
                placeholder?.Dispose();
                manager.Stop(unit.Name);
                throw;
            }
        }
        catch
        {
            placeholder?.Dispose();
            throw;
        }
    }

    /// <summary>To be called once the container's first process is in the cgroup.</summary>
    public void EndPlaceholder()
    {
        _placeholder?.Dispose();
        _placeholder = null;
    }

    /// <summary>Changes the limits that are given, in systemd's books, too.</summary>
    public void Update(LinuxResources resources)
    {
        if (State.Unit is { } unit)
        {
            string[] hierarchies = [.. _directories.Select(static one => one.Hierarchy)];
            using SystemdManager manager = SystemdManager.Connect();
            manager.SetProperties(unit, UnitLimits.Of(ResourcePlanner.Plan(resources, hierarchies, Facts(resources)).Writes));
        }

        Apply(resources);
    }

    // Its processes have been killed; systemd forgets it, and removes what it has made.
    void StopUnit()
    {
        if (State.Unit is { } unit)
        {
            EndPlaceholder();
            using SystemdManager manager = SystemdManager.Connect();
            manager.Stop(unit);
        }
    }
}
