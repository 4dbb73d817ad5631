namespace Caisson.Containers.Seccomp;

/// <summary>What a system container's filter says of a call that engines' profiles usually refuse.</summary>
public enum SyscallVerdict
{
    /// <summary>An init system or a container engine does not run without it: a profile's explicit denial is lifted too.</summary>
    Needed,

    /// <summary>Allowed where a profile allows only what it names; an explicit denial of a profile that allows the rest stays.</summary>
    Allowed,

    /// <summary>Left as the profile has it.</summary>
    Untouched,
}
