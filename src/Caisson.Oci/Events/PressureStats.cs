namespace Caisson.Oci;

/// <summary>The two lines of a cpu.pressure, memory.pressure or io.pressure file.</summary>
public sealed partial record PressureStats
{
    public PressureLine? Some { get; init; }

    public PressureLine? Full { get; init; }
}
