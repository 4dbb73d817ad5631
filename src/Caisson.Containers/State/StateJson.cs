using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caisson.Containers.State;

/// <summary>state.json by source generation: reflection would not survive ahead-of-time compilation.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerState))]
public sealed partial class StateJson : JsonSerializerContext
{
    public static byte[] Write(ContainerState state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.ContainerState);

    public static ContainerState Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Default.ContainerState)!;
}
