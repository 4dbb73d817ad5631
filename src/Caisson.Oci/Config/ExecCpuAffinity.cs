namespace Caisson.Oci;

/// <summary>CPU lists such as <c>0-3,7</c> for a process of <c>exec</c> (config.md#linux-process).</summary>
public sealed partial record ExecCpuAffinity
{
    /// <summary>Before the process enters the container's cgroup.</summary>
    public string? Initial { get; init => field = Absent.IfEmpty(value); }

    /// <summary>After it entered.</summary>
    public string? Final { get; init => field = Absent.IfEmpty(value); }
}
