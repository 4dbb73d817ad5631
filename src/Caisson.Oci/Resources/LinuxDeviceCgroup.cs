namespace Caisson.Oci;

/// <summary>One rule of the device controller (config-linux.md#allowed-device-list).</summary>
public sealed partial record LinuxDeviceCgroup
{
    public bool Allow { get; init; }

    /// <summary>a, c or b; null means a, all.</summary>
    public string? Type { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Null and -1 mean every major number.</summary>
    public long? Major { get; init; }

    /// <summary>Null and -1 mean every minor number.</summary>
    public long? Minor { get; init; }

    /// <summary>Of the letters r, w and m.</summary>
    public string? Access { get; init => field = Absent.IfEmpty(value); }
}
