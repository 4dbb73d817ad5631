namespace Caisson.Oci;

/// <summary>A limit such as RLIMIT_NOFILE (config.md#posix-process); the largest value is infinity.</summary>
public sealed record PosixRlimit
{
    public string Type { get; init => field = value ?? ""; } = "";

    public ulong Hard { get; init; }

    public ulong Soft { get; init; }
}
