namespace Caisson.Oci;

/// <summary>
/// Limits of the container's cgroup (config-linux.md#control-groups); the same shape is the argument of
/// <c>update --resources</c>. Null leaves a limit alone, -1 takes it away where the type is signed.
/// </summary>
public sealed partial record LinuxResources
{
    /// <summary>Applied in order, the last rule that matches counts.</summary>
    public LinuxDeviceCgroup[]? Devices { get; init; }

    public LinuxMemory? Memory { get; init; }

    public LinuxCpu? Cpu { get; init; }

    public LinuxPids? Pids { get; init; }

    public LinuxBlockIo? BlockIo { get; init; }

    public LinuxHugepageLimit[]? HugepageLimits { get; init; }

    public LinuxNetwork? Network { get; init; }

    /// <summary>By device, such as <c>mlx5_1</c>.</summary>
    public IReadOnlyDictionary<string, LinuxRdma>? Rdma { get; init; }

    /// <summary>cgroup v2 only: file name and the text to write to it.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}
