namespace Caisson.Oci;

/// <summary>Limit for one size of huge pages (config-linux.md#huge-page-limits).</summary>
public sealed partial record LinuxHugepageLimit
{
    /// <summary>Such as <c>2MB</c> or <c>1GB</c>.</summary>
    public string PageSize { get; init; } = "";

    /// <summary>Bytes.</summary>
    public ulong Limit { get; init; }
}
