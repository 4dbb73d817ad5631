namespace Caisson.Oci;

/// <summary>Size of the terminal in characters (config.md#process).</summary>
public sealed partial record ConsoleSize(uint Height, uint Width);
