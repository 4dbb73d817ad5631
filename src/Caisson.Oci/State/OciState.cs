namespace Caisson.Oci;

/// <summary>The state of a container as hooks read it and <c>state</c> answers it (runtime.md#state).</summary>
public sealed record OciState
{
    public string OciVersion { get; init => field = value ?? ""; } = "";

    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>creating, created, running, stopped; also runc's paused.</summary>
    public string Status { get; init => field = value ?? ""; } = "";

    /// <summary>In the runtime's pid namespace; null when stopped.</summary>
    public int? Pid { get; init; }

    /// <summary>Absolute path.</summary>
    public string Bundle { get; init => field = value ?? ""; } = "";

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}
