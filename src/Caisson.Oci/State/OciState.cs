namespace Caisson.Oci;

/// <summary>The state of a container as hooks read it and <c>state</c> answers it (runtime.md#state).</summary>
public sealed partial record OciState
{
    public string OciVersion { get; init; } = "";

    public string Id { get; init; } = "";

    /// <summary>creating, created, running, stopped; also runc's paused.</summary>
    public string Status { get; init; } = "";

    /// <summary>In the runtime's pid namespace; null when stopped.</summary>
    public int? Pid { get; init; }

    /// <summary>Absolute path.</summary>
    public string Bundle { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
