namespace Caisson.Oci;

/// <summary>Cache occupancy on one NUMA node, bytes.</summary>
public sealed partial record CmtNodeStats(ulong LlcOccupancy);
