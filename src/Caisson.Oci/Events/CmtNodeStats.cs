using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>Cache occupancy on one NUMA node, bytes.</summary>
public sealed record CmtNodeStats([property: JsonPropertyName("llc_occupancy")] ulong LlcOccupancy);
