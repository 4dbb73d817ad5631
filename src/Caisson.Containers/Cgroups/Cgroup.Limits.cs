using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

public sealed partial class Cgroup
{
    /// <summary>Sets the limits that are given and leaves the others, at the start as well as for <c>update</c>.</summary>
    /// <param name="resources">Device rules in it are not looked at.</param>
    /// <param name="devices">Device access as a whole; null leaves it.</param>
    public void Apply(LinuxResources resources, DeviceAccess? devices = null)
    {
        string[] hierarchies = [.. _directories.Select(static one => one.Hierarchy)];
        CgroupPlan plan = ResourcePlanner.Plan(resources, hierarchies, Facts(resources), IsPartial);
        Perform(plan.Writes);
        if (devices is not null)
        {
            SetDevices(devices);
        }
    }

    void SetDevices(DeviceAccess access)
    {
        if (_directories.Find(static one => Hierarchy.Has(one.Hierarchy, "devices")) is { } legacy)
        {
            DeviceAccess now = DeviceAccess.ParseList(legacy.TryRead("devices.list") ?? "");
            Perform(DeviceAccess.PlanTransition(now, access, legacy.Hierarchy));
            return;
        }

        if (IsPartial && Mode != CgroupMode.Unified)
        {
            // As with runc, device rules are not among the limits that must be had.
            return;
        }

        if (Unified is not { } unified)
        {
            throw new UserError(
                "device access cannot be limited: no hierarchy with the devices controller is mounted",
                "mount -t cgroup -o devices devices /sys/fs/cgroup/devices");
        }

        Errno errno = DeviceFilter.TryInstall(unified.Handle, access);
        if (errno == Errno.EPERM && IsInUserNamespace())
        {
            return;
        }

        if (errno != Errno.None)
        {
            throw new ContainerException(
                $"limit device access of {unified.Path}", new KernelException(errno, "bpf", "cgroup device filter"));
        }
    }

    CgroupFacts Facts(LinuxResources resources)
    {
        bool needsCpu = resources.Cpu is { } cpu && (cpu.Quota is null) != (cpu.Period is null);
        bool needsMemory = resources.Memory is { Swap: not null, Limit: null };
        if (Mode != CgroupMode.Unified || !(needsCpu || needsMemory))
        {
            return CgroupFacts.None;
        }

        string? memory = needsMemory ? Unified!.TryRead("memory.max")?.Trim() : null;
        return new CgroupFacts(
            needsCpu ? Unified!.TryRead("cpu.max") : null,
            memory switch { null => null, "max" => -1, _ => long.Parse(memory) });
    }

    void Perform(IReadOnlyList<CgroupWrite> writes)
    {
        using CgroupWriter writer = new(_directories);
        List<CgroupWrite> deferred = [];
        bool isSaid = false;
        foreach (CgroupWrite write in writes)
        {
            bool hasNext = write.Rule.HasFlag(FailureRule.TryNext);
            if (isSaid)
            {
                isSaid = hasNext;
                continue;
            }

            switch (writer.TryWrite(write))
            {
                case Errno.None:
                    isSaid = hasNext;
                    break;
                case Errno.ENOENT when hasNext || write.Rule.HasFlag(FailureRule.IgnoreMissing):
                    break;
                case Errno.EINVAL when write.Rule.HasFlag(FailureRule.Defer):
                    deferred.Add(write);
                    break;
                case Errno.EPERM when write.Rule.HasFlag(FailureRule.IgnoreInUserNamespace) && IsInUserNamespace():
                    break;
                case Errno errno:
                    throw writer.Failure(write, errno);
            }
        }

        foreach (CgroupWrite write in deferred)
        {
            Errno errno = writer.TryWrite(write);
            if (errno != Errno.None)
            {
                throw writer.Failure(write, errno);
            }
        }
    }

    // The initial user namespace maps every id to itself.
    static bool IsInUserNamespace() =>
        FileText.TryRead("/proc/self/uid_map") is { } map
        && map.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is not ["0", "0", "4294967295"];
}
