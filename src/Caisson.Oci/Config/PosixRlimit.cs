namespace Caisson.Oci;

/// <summary>A limit such as RLIMIT_NOFILE (config.md#posix-process); the largest value is infinity.</summary>
public sealed partial record PosixRlimit
{
    public string Type { get; init; } = "";

    public ulong Hard { get; init; }

    public ulong Soft { get; init; }
}
