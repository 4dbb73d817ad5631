namespace Caisson.Oci;

/// <summary>Processor time of a container.</summary>
public sealed partial record CpuStats
{
    public CpuUsage Usage { get; init; } = new();

    public CpuThrottling Throttling { get; init; } = new();

    public PressureStats? Psi { get; init; }
}
