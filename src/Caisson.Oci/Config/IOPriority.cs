namespace Caisson.Oci;

/// <summary>Arguments of ioprio_set(2) (config.md#linux-process).</summary>
public sealed partial record IOPriority
{
    /// <summary>IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE.</summary>
    public string Class { get; init; } = "";

    /// <summary>0 (first served) to 7.</summary>
    public int Priority { get; init; }
}
