namespace Caisson.Oci;

/// <summary>One counter of one block device.</summary>
public sealed partial record BlkioEntry
{
    public ulong Major { get; init; }

    public ulong Minor { get; init; }

    /// <summary>Such as <c>Read</c> and <c>Write</c>.</summary>
    public string? Op { get; init; }

    public ulong Value { get; init; }
}
