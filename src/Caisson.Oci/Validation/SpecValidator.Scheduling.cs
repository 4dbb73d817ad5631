namespace Caisson.Oci;

public static partial class SpecValidator
{
    static readonly string[] SchedulerPolicies =
    [
        "SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE",
    ];

    static readonly string[] SchedulerFlags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
        "SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    static readonly string[] IOClasses = ["IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    static void CheckScheduling(Findings findings, ProcessSpec process, string at)
    {
        if (process.Scheduler is { } scheduler)
        {
            CheckScheduler(findings, scheduler, $"{at}/scheduler");
        }

        if (process.IoPriority is { } io)
        {
            findings.OneOf(io.Class, IOClasses, $"{at}/ioPriority/class", "class");
            if (io.Priority is < 0 or > 7)
            {
                findings.Error($"{at}/ioPriority/priority", $"priority {io.Priority} is out of range", "use 0 to 7");
            }
        }

        CheckNumberList(findings, process.ExecCpuAffinity?.Initial, $"{at}/execCPUAffinity/initial");
        CheckNumberList(findings, process.ExecCpuAffinity?.Final, $"{at}/execCPUAffinity/final");
    }

    static void CheckScheduler(Findings findings, Scheduler scheduler, string at)
    {
        findings.OneOf(scheduler.Policy, SchedulerPolicies, $"{at}/policy", "policy");
        findings.AllOf(scheduler.Flags, SchedulerFlags, $"{at}/flags", "flag");
        if (scheduler.Policy is "SCHED_OTHER" or "SCHED_BATCH" && scheduler.Nice is < -20 or > 19)
        {
            findings.Error($"{at}/nice", $"nice {scheduler.Nice} is out of range", "use -20 to 19");
        }

        if (scheduler.Priority != 0 && scheduler.Policy is not ("SCHED_FIFO" or "SCHED_RR"))
        {
            findings.Error($"{at}/priority", "priority is for SCHED_FIFO and SCHED_RR only", "remove priority");
        }

        bool hasTimes = (scheduler.Runtime | scheduler.Deadline | scheduler.Period) != 0;
        if (hasTimes && scheduler.Policy != "SCHED_DEADLINE")
        {
            findings.Error(at, "runtime, deadline and period are for SCHED_DEADLINE only", "remove them");
        }
    }

    /// <summary>A list of CPUs or memory nodes such as <c>0-3,7</c>.</summary>
    static void CheckNumberList(Findings findings, string? list, string at)
    {
        if (list is not null && NumberList.TryParse(list) is null)
        {
            findings.Error(at, $"'{list}' is not a list of numbers", "write a list such as 0-3,7");
        }
    }
}
