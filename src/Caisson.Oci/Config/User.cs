namespace Caisson.Oci;

/// <summary>Ids inside the container (config.md#posix-platform-user).</summary>
public sealed partial record User
{
    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Null leaves the inherited mask.</summary>
    public uint? Umask { get; init; }

    public uint[]? AdditionalGids { get; init; }
}
