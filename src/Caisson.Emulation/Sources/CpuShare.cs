namespace Caisson.Emulation.Sources;

/// <summary>The CPUs that a reader is shown: as many of its cpuset's as its quota is worth, rounded up.</summary>
sealed class CpuShare
{
    /// <summary>The host's CPUs that the reader may run on and that are online.</summary>
    public CpuSet Allowed { get; } = new();

    /// <summary>All of the host's that are online.</summary>
    public CpuSet Online { get; } = new();

    public CpuUsage Usage { get; } = new();

    /// <summary>How many are shown; at least one, never more than allowed.</summary>
    public int Count { get; private set; }

    /// <summary>The host's own view: nothing is renumbered.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>A quota, which any CPU of the set may use up: time is shown evenly on those that are shown.</summary>
    public bool IsSpread { get; private set; }

    /// <summary>After both sets are filled.</summary>
    /// <param name="quota">What the quota is worth, rounded up; <see cref="int.MaxValue"/> without one.</param>
    public void Limit(int quota)
    {
        int allowed = Math.Max(1, Allowed.Count);
        Count = Math.Clamp(quota, 1, allowed);
        IsSpread = Count < allowed;
        IsWhole = Count >= Online.Count;
    }

    /// <summary>CPU time on one of those shown, in nanoseconds.</summary>
    /// <param name="cpu">Its number on the host.</param>
    public (long User, long System) TimeOn(int cpu) => IsSpread || !Usage.IsPerCpu
        ? (Usage.User / Count, Usage.System / Count)
        : (Usage.UserOn(cpu), Usage.SystemOn(cpu));
}
