namespace Caisson.Oci;

/// <summary>A value as it stands in its document: its syntax is checked, its content is not.</summary>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8);
