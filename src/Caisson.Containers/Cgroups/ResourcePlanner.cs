using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>
/// Turns linux.resources into writes. What is null (or, where engines write it for "not set", 0) leaves the present
/// value, so the same planner serves create and update. Device rules are apart: <see cref="DeviceAccess"/>.
/// </summary>
public static class ResourcePlanner
{
    /// <param name="resources">All limits, or those that an update names.</param>
    /// <param name="hierarchies">Names of the hierarchies that the cgroup has directories in.</param>
    /// <param name="facts">Present values, for an update.</param>
    /// <param name="isPartial">It could not be made in every hierarchy.</param>
    public static CgroupPlan Plan(
        LinuxResources resources, IReadOnlyCollection<string> hierarchies, CgroupFacts? facts = null, bool isPartial = false)
    {
        CgroupPlan plan = new(hierarchies, isPartial);
        CgroupFacts known = facts ?? CgroupFacts.None;
        if (resources.Cpu is { } cpu)
        {
            CpuPlanner.PlanCpuset(plan, cpu);
        }

        if (resources.Memory is { } memory)
        {
            MemoryPlanner.Plan(plan, memory, known);
        }

        if (resources.Cpu is { } time)
        {
            CpuPlanner.Plan(plan, time, known);
        }

        // 0 is what Docker's API says for unlimited. (runc makes it 1, a container that cannot even start.)
        if (resources.Pids?.Limit is { } tasks)
        {
            plan.Add("pids", "pids.max", tasks > 0 ? tasks.ToString() : "max");
        }

        if (resources.BlockIo is { } io)
        {
            BlockIoPlanner.Plan(plan, io);
        }

        PlanHugePages(plan, resources.HugepageLimits ?? []);
        foreach ((string device, LinuxRdma limit) in resources.Rdma ?? new Dictionary<string, LinuxRdma>())
        {
            string handles = limit.HcaHandles is { } handle ? $" hca_handle={handle}" : "";
            string objects = limit.HcaObjects is { } count ? $" hca_object={count}" : "";
            plan.Add("rdma", "rdma.max", device + handles + objects);
        }

        if (resources.Network is { } network && !plan.IsUnified)
        {
            PlanNetwork(plan, network);
        }

        PlanUnified(plan, resources.Unified ?? new Dictionary<string, string>());
        return plan;
    }

    static void PlanHugePages(CgroupPlan plan, LinuxHugepageLimit[] limits)
    {
        string suffix = plan.IsUnified ? "max" : "limit_in_bytes";
        foreach (LinuxHugepageLimit limit in limits)
        {
            plan.Add("hugetlb", $"hugetlb.{limit.PageSize}.{suffix}", limit.Limit);
            // Without the limit of reservations a process dies of SIGBUS at the first touch instead of failing in mmap.
            plan.Add("hugetlb", $"hugetlb.{limit.PageSize}.rsvd.{suffix}", limit.Limit, FailureRule.IgnoreMissing);
        }
    }

    // Version 2 has no such controllers; runc leaves these fields aside there.
    static void PlanNetwork(CgroupPlan plan, LinuxNetwork network)
    {
        if (network.ClassId is { } id and > 0)
        {
            plan.Add("net_cls", "net_cls.classid", id);
        }

        foreach (LinuxInterfacePriority one in network.Priorities ?? [])
        {
            plan.Add("net_prio", "net_prio.ifpriomap", $"{one.Name} {one.Priority}");
        }
    }

    static void PlanUnified(CgroupPlan plan, IReadOnlyDictionary<string, string> unified)
    {
        if (unified.Count > 0 && !plan.IsUnified)
        {
            throw new UserError(
                "linux.resources.unified is for cgroup version 2, and this host has version 1",
                "use linux.resources.memory, cpu and so on, or boot with systemd.unified_cgroup_hierarchy=1");
        }

        foreach ((string file, string value) in unified)
        {
            if (file.Contains('/') || !file.Contains('.'))
            {
                throw new UserError(
                    $"linux.resources.unified: \"{file}\" is not the name of a control file", "give a name such as memory.high");
            }

            // Files with a line for each device take one line a write.
            foreach (string line in value.TrimEnd('\n').Split('\n'))
            {
                plan.Add(file[..file.IndexOf('.')], file, line);
            }
        }
    }
}
