namespace Caisson.Oci;

/// <summary>One line of <c>events</c>, in runc's form: a consumer of runc's output reads ours.</summary>
public sealed partial record RuntimeEvent
{
    /// <summary><c>stats</c> or <c>oom</c>.</summary>
    public string Type { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>With <c>stats</c> only.</summary>
    public ContainerStats? Data { get; init; }
}
