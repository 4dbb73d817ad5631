namespace Caisson.Oci;

/// <summary>One rule of a profile (config-linux.md#seccomp).</summary>
public sealed partial record LinuxSyscall
{
    /// <summary>Names the library does not know are skipped, as in runc.</summary>
    public string[]? Names { get; init; }

    public string Action { get; init; } = "";

    public uint? ErrnoRet { get; init; }

    /// <summary>All must hold, except that two conditions on one argument are alternatives, as in runc.</summary>
    public LinuxSeccompArg[]? Args { get; init; }
}
