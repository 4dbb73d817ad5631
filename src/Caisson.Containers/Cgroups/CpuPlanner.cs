using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>linux.resources.cpu.</summary>
static class CpuPlanner
{
    // Period that the kernel starts a cgroup with, in microseconds.
    const ulong DefaultPeriod = 100_000;

    public static void PlanCpuset(CgroupPlan plan, LinuxCpu cpu)
    {
        if (cpu.Cpus is { } cpus)
        {
            plan.Add("cpuset", "cpuset.cpus", cpus);
        }

        if (cpu.Mems is { } mems)
        {
            plan.Add("cpuset", "cpuset.mems", mems);
        }
    }

    public static void Plan(CgroupPlan plan, LinuxCpu cpu, CgroupFacts facts)
    {
        if (plan.IsUnified)
        {
            PlanUnified(plan, cpu, facts);
        }
        else
        {
            PlanLegacy(plan, cpu);
        }
    }

    static void PlanLegacy(CgroupPlan plan, LinuxCpu cpu)
    {
        // Real-time budget first: a real-time process may not join a cgroup that has none.
        AddPositive(plan, "cpu.rt_period_us", cpu.RealtimePeriod);
        if (cpu.RealtimeRuntime is { } runtime and not 0)
        {
            plan.Add("cpu", "cpu.rt_runtime_us", runtime, FailureRule.Defer);
        }

        // EINVAL while the cgroup is idle: tried again when cpu.idle has been written.
        if (cpu.Shares is { } shares and > 0)
        {
            plan.Add("cpu", "cpu.shares", shares, FailureRule.Defer | FailureRule.ReadBack);
        }

        // Period, burst and quota bound each other, and the parent bounds quota by period.
        AddPositive(plan, "cpu.cfs_period_us", cpu.Period);
        if (cpu.Burst is { } burst)
        {
            plan.Add("cpu", "cpu.cfs_burst_us", burst, FailureRule.Defer | FailureRule.IgnoreMissing);
        }

        if (cpu.Quota is { } quota and not 0)
        {
            plan.Add("cpu", "cpu.cfs_quota_us", quota, FailureRule.Defer);
        }

        if (cpu.Idle is { } idle)
        {
            plan.Add("cpu", "cpu.idle", idle);
        }
    }

    static void PlanUnified(CgroupPlan plan, LinuxCpu cpu, CgroupFacts facts)
    {
        if (cpu.Idle is { } idle)
        {
            plan.Add("cpu", "cpu.idle", idle);
        }

        if (cpu.Shares is { } shares and > 0)
        {
            plan.Add("cpu", "cpu.weight", Weights.CpuWeight(shares));
        }

        if (cpu.Burst is { } burst)
        {
            plan.Add("cpu", "cpu.max.burst", burst, FailureRule.Defer);
        }

        if (cpu.Quota is { } and not 0 || cpu.Period is { } and not 0)
        {
            string[] present = facts.CpuMax?.Trim().Split(' ') ?? [];
            string quota = cpu.Quota switch
            {
                null or 0 => present is [string old, ..] ? old : "max",
                < 0 => "max",
                { } given => given.ToString(),
            };
            string period = cpu.Period switch
            {
                null or 0 => present is [_, string old] ? old : DefaultPeriod.ToString(),
                { } given => given.ToString(),
            };
            plan.Add("cpu", "cpu.max", $"{quota} {period}");
        }
    }

    static void AddPositive(CgroupPlan plan, string file, ulong? value)
    {
        if (value is { } given and > 0)
        {
            plan.Add("cpu", file, given, FailureRule.Defer);
        }
    }
}
