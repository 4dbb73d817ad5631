using Caisson.Containers.Cgroups;

namespace Caisson.Containers.Systemd;

/// <summary>What a container's unit is to be like. Pure.</summary>
public static class UnitProperties
{
    /// <param name="unit">A scope, or a slice.</param>
    /// <param name="containerId">For the description.</param>
    /// <param name="pid">Of the first process in a scope.</param>
    /// <param name="limits">The writes that set the limits.</param>
    /// <param name="devices">Device access as a whole.</param>
    public static IReadOnlyList<UnitProperty> Plan(SystemdUnit unit, string containerId, int pid, CgroupPlan limits, DeviceAccess devices)
    {
        List<UnitProperty> properties =
        [
            UnitProperty.Of("Description", $"caisson container {containerId}"),
            // Nothing stops it before the engine does.
            UnitProperty.Of("DefaultDependencies", false),
            // One that failed would keep its name taken.
            UnitProperty.Of("CollectMode", "inactive-or-failed"),
            UnitProperty.Of("CPUAccounting", true),
            UnitProperty.Of("MemoryAccounting", true),
            UnitProperty.Of("TasksAccounting", true),
            UnitProperty.Of(limits.IsUnified ? "IOAccounting" : "BlockIOAccounting", true),
        ];
        if (unit.IsSlice)
        {
            properties.Add(UnitProperty.Of("Wants", [unit.Slice]));
        }
        else
        {
            properties.Add(UnitProperty.Of("Slice", unit.Slice));
            properties.Add(UnitProperty.Of("PIDs", [(uint)pid]));
            properties.Add(UnitProperty.Of("Delegate", true));
        }

        // Version 2's filter is a program of ours, which systemd does not touch while it has none of its own.
        if (!limits.IsUnified)
        {
            properties.AddRange(UnitDevices.Of(devices));
        }

        IReadOnlyList<UnitProperty> asked = UnitLimits.Of(limits.Writes);
        if (!asked.Any(property => property.Name == "TasksMax"))
        {
            // Else there would be a limit that nobody has asked for (DefaultTasksMax=).
            properties.Add(UnitProperty.Of("TasksMax", ulong.MaxValue));
        }

        return [.. properties, .. asked];
    }
}
