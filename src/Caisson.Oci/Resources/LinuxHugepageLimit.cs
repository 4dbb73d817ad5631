namespace Caisson.Oci;

/// <summary>Limit for one size of huge pages (config-linux.md#huge-page-limits).</summary>
public sealed record LinuxHugepageLimit
{
    /// <summary>Such as <c>2MB</c> or <c>1GB</c>.</summary>
    public string PageSize { get; init => field = value ?? ""; } = "";

    /// <summary>Bytes.</summary>
    public ulong Limit { get; init; }
}
