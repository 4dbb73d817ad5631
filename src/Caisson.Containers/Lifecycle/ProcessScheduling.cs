using Caisson.Kernel;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>How the container's process gets the processors and the disks; set from outside, with the host's privileges.</summary>
static class ProcessScheduling
{
    // By their numbers in linux/sched.h; of the flags, by their bits.
    static readonly string[] Policies =
        ["SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE"];

    static readonly string[] Flags =
    [
        "SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY", "SCHED_FLAG_KEEP_PARAMS",
        "SCHED_FLAG_UTIL_CLAMP_MIN", "SCHED_FLAG_UTIL_CLAMP_MAX",
    ];

    static readonly string[] IOClasses = ["", "IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE"];

    /// <param name="pid">In its cgroups already, which bound the CPUs.</param>
    /// <param name="process">Its spec.</param>
    /// <param name="isExec">A process for which execCPUAffinity is meant; others get all CPUs of their cpuset.</param>
    public static void Apply(int pid, ProcessSpec process, bool isExec)
    {
        // Not inherited from whoever called the command, such as an engine that is pinned.
        string? cpus = isExec ? process.ExecCpuAffinity?.Final ?? process.ExecCpuAffinity?.Initial : null;
        Check("/process/execCPUAffinity", "sched_setaffinity", cpus, Scheduling.TrySetAffinity(pid, cpus is null ? null : NumberList.TryParse(cpus)));
        if (process.Scheduler is { } scheduler)
        {
            sched_attr attributes = new()
            {
                sched_policy = (uint)Array.IndexOf(Policies, scheduler.Policy),
                sched_flags = (scheduler.Flags ?? []).Aggregate(0UL, (all, flag) => all | (1UL << Array.IndexOf(Flags, flag))),
                sched_nice = scheduler.Nice,
                sched_priority = (uint)scheduler.Priority,
                sched_runtime = scheduler.Runtime,
                sched_deadline = scheduler.Deadline,
                sched_period = scheduler.Period,
            };
            Errno errno = Scheduling.TrySet(pid, attributes);
            if (errno == Errno.EPERM && scheduler.Policy == "SCHED_DEADLINE")
            {
                // __sched_setscheduler of kernel/sched/syscalls.c: it must be able to run on every CPU of its root domain.
                throw new UserError(
                    "process scheduler can't be used together with AllowedCPUs: SCHED_DEADLINE wants all CPUs", "leave out /linux/resources/cpu/cpus");
            }

            Check("/process/scheduler", "sched_setattr", scheduler.Policy, errno);
        }

        if (process.IoPriority is { } io)
        {
            Check("/process/ioPriority", "ioprio_set", io.Class, Scheduling.TrySetIOPriority(pid, Array.IndexOf(IOClasses, io.Class), io.Priority));
        }
    }

    static void Check(string pointer, string call, string? subject, Errno errno)
    {
        if (errno != Errno.None)
        {
            throw new ContainerException(pointer, new KernelException(errno, call, subject));
        }
    }
}
