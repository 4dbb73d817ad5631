namespace Caisson.Oci;

/// <summary>A seccomp profile (config-linux.md#seccomp).</summary>
public sealed partial record LinuxSeccomp
{
    /// <summary>A name such as SCMP_ACT_ERRNO.</summary>
    public string DefaultAction { get; init; } = "";

    /// <summary>For SCMP_ACT_ERRNO and SCMP_ACT_TRACE; null means EPERM.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>Names such as SCMP_ARCH_X86_64.</summary>
    public string[]? Architectures { get; init; }

    /// <summary>Names such as SECCOMP_FILTER_FLAG_LOG; null means the runtime's choice, empty means none.</summary>
    public string[]? Flags { get; init; }

    /// <summary>Unix socket that is sent the listener of SCMP_ACT_NOTIFY.</summary>
    public string? ListenerPath { get; init => field = Absent.IfEmpty(value); }

    /// <summary>Text passed on to the listener.</summary>
    public string? ListenerMetadata { get; init => field = Absent.IfEmpty(value); }

    public LinuxSyscall[]? Syscalls { get; init; }
}
