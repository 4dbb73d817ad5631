using Caisson.Oci;

namespace Caisson.Containers.Cgroups;

/// <summary>linux.resources.blockIO. Weights are the BFQ scheduler's where it is built in, else on version 2 io.cost's.</summary>
static class BlockIoPlanner
{
    public static void Plan(CgroupPlan plan, LinuxBlockIo io)
    {
        if (plan.IsUnified)
        {
            PlanUnified(plan, io);
        }
        else
        {
            PlanLegacy(plan, io);
        }
    }

    static void PlanLegacy(CgroupPlan plan, LinuxBlockIo io)
    {
        if (io.Weight is { } weight and > 0)
        {
            // The unprefixed file went with the CFQ scheduler (Linux 5.0).
            plan.Add("blkio", "blkio.weight", weight, FailureRule.TryNext);
            plan.Add("blkio", "blkio.bfq.weight", weight);
        }

        if (io.LeafWeight is { } leaf and > 0)
        {
            plan.Add("blkio", "blkio.leaf_weight", leaf);
        }

        foreach (LinuxWeightDevice device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } own and > 0)
            {
                plan.Add("blkio", "blkio.weight_device", $"{device.Major}:{device.Minor} {own}", FailureRule.TryNext);
                plan.Add("blkio", "blkio.bfq.weight_device", $"{device.Major}:{device.Minor} {own}");
            }

            if (device.LeafWeight is { } ownLeaf and > 0)
            {
                plan.Add("blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {ownLeaf}");
            }
        }

        Throttle(plan, "blkio.throttle.read_bps_device", "", io.ThrottleReadBpsDevice);
        Throttle(plan, "blkio.throttle.write_bps_device", "", io.ThrottleWriteBpsDevice);
        Throttle(plan, "blkio.throttle.read_iops_device", "", io.ThrottleReadIopsDevice);
        Throttle(plan, "blkio.throttle.write_iops_device", "", io.ThrottleWriteIopsDevice);
    }

    static void PlanUnified(CgroupPlan plan, LinuxBlockIo io)
    {
        if (io.Weight is { } weight and > 0)
        {
            plan.Add("io", "io.bfq.weight", weight, FailureRule.TryNext);
            plan.Add("io", "io.weight", Weights.IoWeight(weight));
        }

        foreach (LinuxWeightDevice device in io.WeightDevice ?? [])
        {
            if (device.Weight is { } own and > 0)
            {
                plan.Add("io", "io.bfq.weight", $"{device.Major}:{device.Minor} {own}", FailureRule.TryNext);
                plan.Add("io", "io.weight", $"{device.Major}:{device.Minor} {Weights.IoWeight(own)}", FailureRule.IgnoreMissing);
            }
        }

        Throttle(plan, "io.max", "rbps=", io.ThrottleReadBpsDevice);
        Throttle(plan, "io.max", "wbps=", io.ThrottleWriteBpsDevice);
        Throttle(plan, "io.max", "riops=", io.ThrottleReadIopsDevice);
        Throttle(plan, "io.max", "wiops=", io.ThrottleWriteIopsDevice);
    }

    static void Throttle(CgroupPlan plan, string file, string key, LinuxThrottleDevice[]? devices)
    {
        string controller = plan.IsUnified ? "io" : "blkio";
        foreach (LinuxThrottleDevice device in devices ?? [])
        {
            // 0 takes a limit away; version 2 has a word for that.
            string rate = device.Rate == 0 && plan.IsUnified ? "max" : device.Rate.ToString();
            plan.Add(controller, file, $"{device.Major}:{device.Minor} {key}{rate}");
        }
    }
}
