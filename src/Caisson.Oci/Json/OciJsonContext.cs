using System.Text.Json.Serialization;

namespace Caisson.Oci;

/// <summary>
/// Generated readers and writers. What is only read, or written once in a life, has metadata but no generated
/// writer: that would be the larger half of the code.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(ProcessSpec))]
[JsonSerializable(typeof(LinuxResources))]
[JsonSerializable(typeof(LinuxSeccomp))]
[JsonSerializable(typeof(OciState))]
[JsonSerializable(typeof(ContainerListEntry))]
[JsonSerializable(typeof(ContainerListEntry[]))]
[JsonSerializable(typeof(Features))]
[JsonSerializable(typeof(RuntimeEvent))]
sealed partial class OciJsonContext : JsonSerializerContext;
