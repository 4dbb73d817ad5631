namespace Caisson.Oci;

/// <summary>Share of time stalled in percent over 10, 60 and 300 seconds, and the total in microseconds.</summary>
public sealed partial record PressureLine(double Avg10, double Avg60, double Avg300, ulong Total);
