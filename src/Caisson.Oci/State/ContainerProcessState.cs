namespace Caisson.Oci;

/// <summary>What a seccomp agent reads beside the listener (config-linux.md#containerprocessstate).</summary>
public sealed partial record ContainerProcessState
{
    /// <summary>Of the process that loaded the profile, in the runtime's pid namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>linux.seccomp.listenerMetadata.</summary>
    public string? Metadata { get; init; }

    /// <summary>Of the container.</summary>
    public required OciState State { get; init; }
}
