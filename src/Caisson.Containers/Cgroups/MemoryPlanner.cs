using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>linux.resources.memory. Limits of kernel memory are ignored: kernels since 5.16 and runc do so.</summary>
static class MemoryPlanner
{
    public static void Plan(CgroupPlan plan, LinuxMemory memory, CgroupFacts facts)
    {
        if (plan.IsUnified)
        {
            PlanUnified(plan, memory, facts);
        }
        else
        {
            PlanLegacy(plan, memory);
        }
    }

    static void PlanLegacy(CgroupPlan plan, LinuxMemory memory)
    {
        long limit = memory.Limit ?? 0;
        long swap = memory.Swap ?? 0;
        switch (limit, swap)
        {
            case (-1, 0):
                // Unlimited memory below a limit of memory and swap would be none.
                plan.Add("memory", "memory.memsw.limit_in_bytes", -1, FailureRule.IgnoreMissing);
                break;
            case (_, -1):
                plan.Add("memory", "memory.memsw.limit_in_bytes", -1);
                swap = 0;
                break;
        }

        // The kernel keeps memory <= memory and swap at every moment: raising takes the one order, lowering the other.
        // EINVAL means that the limit of both has to go first.
        if (limit != 0)
        {
            FailureRule order = swap != 0 ? FailureRule.Defer : FailureRule.Fail;
            FailureRule check = memory.CheckBeforeUpdate == true && limit > 0 ? FailureRule.RefuseBelowUsage : FailureRule.Fail;
            plan.Add("memory", "memory.limit_in_bytes", limit, order | check);
        }

        if (swap != 0)
        {
            plan.Add("memory", "memory.memsw.limit_in_bytes", swap);
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            plan.Add("memory", "memory.soft_limit_in_bytes", reservation);
        }

        if (memory.DisableOomKiller == true)
        {
            plan.Add("memory", "memory.oom_control", 1);
        }

        // Engines write -1, here the largest value, for "not set".
        if (memory.Swappiness is { } swappiness and not ulong.MaxValue)
        {
            if (swappiness > 100)
            {
                throw new UserError($"linux.resources.memory.swappiness is {swappiness}", "give a value from 0 to 100");
            }

            plan.Add("memory", "memory.swappiness", swappiness);
        }
    }

    static void PlanUnified(CgroupPlan plan, LinuxMemory memory, CgroupFacts facts)
    {
        long limit = memory.Limit ?? 0;
        if (PlanSwap(limit != 0 ? limit : facts.MemoryMax ?? 0, limit, memory.Swap ?? 0) is { } swap)
        {
            // A kernel without swap accounting has no such file; "all" and "none" are then true anyway.
            plan.Add("memory", "memory.swap.max", swap, swap is "max" or "0" ? FailureRule.IgnoreMissing : FailureRule.Fail);
        }

        if (limit != 0)
        {
            FailureRule check = memory.CheckBeforeUpdate == true && limit > 0 ? FailureRule.RefuseBelowUsage : FailureRule.Fail;
            plan.Add("memory", "memory.max", limit == -1 ? "max" : limit.ToString(), check);
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            plan.Add("memory", "memory.low", reservation == -1 ? "max" : reservation.ToString());
        }
    }

    // The spec counts memory and swap together, memory.swap.max counts swap alone.
    static string? PlanSwap(long effectiveLimit, long limit, long swap) => (swap, effectiveLimit) switch
    {
        (0, _) => limit == -1 ? "max" : null,
        (-1, _) => "max",
        (_, -1) => swap.ToString(),
        (_, 0) => throw new UserError(
            "linux.resources.memory.swap is given without a memory limit", "give linux.resources.memory.limit, too"),
        _ when swap < effectiveLimit => throw new UserError(
            $"linux.resources.memory.swap ({swap}) is below the memory limit ({effectiveLimit})",
            "it counts memory and swap together: give at least the memory limit"),
        _ => (swap - effectiveLimit).ToString(),
    };
}
