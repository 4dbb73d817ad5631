namespace Caisson.Oci;

/// <summary>A condition on one argument of a system call (config-linux.md#seccomp).</summary>
public sealed partial record LinuxSeccompArg
{
    /// <summary>0 to 5.</summary>
    public uint Index { get; init; }

    /// <summary>The operand; the mask when <see cref="Op"/> is SCMP_CMP_MASKED_EQ.</summary>
    public ulong Value { get; init; }

    /// <summary>What the masked argument is compared with.</summary>
    public ulong ValueTwo { get; init; }

    /// <summary>A name such as SCMP_CMP_EQ.</summary>
    public string Op { get; init; } = "";
}
