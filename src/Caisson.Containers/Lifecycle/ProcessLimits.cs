using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Kernel.Processes;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// Limits of the container's process that are set from outside, with the host's privileges: rlimits and the score of the
/// out-of-memory killer.
/// </summary>
static class ProcessLimits
{
    /// <param name="pid">The process.</param>
    /// <param name="process">What it shall have.</param>
    /// <param name="rootUid">The owner of its user namespace, who may do in there what we lack CAP_SYS_RESOURCE for.</param>
    public static void Apply(int pid, ProcessSpec process, uint rootUid)
    {
        using EffectiveUser owner = EffectiveUser.Become(rootUid, keepsCapabilities: true);
        for (int i = 0; i < (process.Rlimits?.Length ?? 0); i++)
        {
            PosixRlimit limit = process.Rlimits![i];
            ContainerException.During($"/process/rlimits/{i} {limit.Type}", () => Set(pid, limit));
        }

        if (process.OomScoreAdj is { } score)
        {
            ContainerException.During("/process/oomScoreAdj", () => SetOomScore(pid, score));
        }
    }

    static void Set(int pid, PosixRlimit limit)
    {
        int resource = Rlimit.Number(limit.Type);
        Errno errno = Rlimit.TrySet(pid, resource, new rlimit64 { rlim_cur = limit.Soft, rlim_max = limit.Hard });
        if (errno == Errno.EPERM && Rlimit.TryGet(pid, resource, out rlimit64 now) == Errno.None)
        {
            // Without CAP_SYS_RESOURCE a hard limit cannot be raised. A container with what the host gives is worth more than
            // none, and engines put host-wide defaults into every spec.
            errno = Rlimit.TrySet(pid, resource, new rlimit64
            {
                rlim_cur = Math.Min(limit.Soft, now.rlim_max),
                rlim_max = Math.Min(limit.Hard, now.rlim_max),
            });
        }

        if (errno != Errno.None)
        {
            throw new KernelException(errno, "prlimit64", $"{limit.Soft}:{limit.Hard}");
        }
    }

    static void SetOomScore(int pid, int score)
    {
        Errno errno = FileText.TryWrite(Fd.CurrentDirectory, $"/proc/{pid}/oom_score_adj", score.ToString());
        // A lower score than our own takes CAP_SYS_RESOURCE; where we lack it, the score stays, as runc does in user namespaces.
        if (errno is not (Errno.None or Errno.EACCES or Errno.EPERM))
        {
            throw new KernelException(errno, "write", $"/proc/{pid}/oom_score_adj");
        }
    }
}
