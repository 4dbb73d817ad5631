namespace Caisson.Oci;

/// <summary>A device node to make in the container (config-linux.md#devices).</summary>
public sealed partial record LinuxDevice
{
    /// <summary>Absolute path inside the container.</summary>
    public string Path { get; init; } = "";

    /// <summary>c, b, u (unbuffered character) or p.</summary>
    public string Type { get; init; } = "";

    public long Major { get; init; }

    public long Minor { get; init; }

    /// <summary>Permission bits; null means 0666.</summary>
    public uint? FileMode { get; init; }

    public uint? Uid { get; init; }

    public uint? Gid { get; init; }
}
