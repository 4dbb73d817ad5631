namespace Caisson.Oci;

/// <summary>Programs run at points of the life cycle (config.md#posix-platform-hooks), each list in order.</summary>
public sealed partial record Hooks
{
    /// <summary>Deprecated by the spec; run before <see cref="CreateRuntime"/>, in the runtime's namespaces.</summary>
    public Hook[]? Prestart { get; init; }

    /// <summary>Runtime's namespaces, before pivot_root.</summary>
    public Hook[]? CreateRuntime { get; init; }

    /// <summary>Container's namespaces, before pivot_root.</summary>
    public Hook[]? CreateContainer { get; init; }

    /// <summary>Container's namespaces, before the process is executed by <c>start</c>.</summary>
    public Hook[]? StartContainer { get; init; }

    /// <summary>Runtime's namespaces; a failure ends the container.</summary>
    public Hook[]? Poststart { get; init; }

    /// <summary>Runtime's namespaces; a failure is only logged.</summary>
    public Hook[]? Poststop { get; init; }
}
