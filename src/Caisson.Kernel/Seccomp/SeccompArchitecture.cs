namespace Caisson.Kernel.Seccomp;

/// <summary>An architecture of a filter (SCMP_ARCH_* of seccomp.h).</summary>
/// <param name="Name">As profiles spell it.</param>
/// <param name="Token">As libseccomp takes it.</param>
/// <param name="AuditArchitecture">What the kernel puts in seccomp_data.arch (AUDIT_ARCH_* of linux/audit.h).</param>
/// <param name="FirstNumber">
/// What is added to every call's number: the ABI's base on MIPS, __X32_SYSCALL_BIT on x32, which shares
/// <paramref name="AuditArchitecture"/> with x86-64.
/// </param>
public sealed record SeccompArchitecture(string Name, uint Token, uint AuditArchitecture, uint FirstNumber)
{
    public const uint X32SyscallBit = 0x40000000;

    public static SeccompArchitecture X86_64 { get; } = Of("SCMP_ARCH_X86_64", 0xc000003e);

    public static SeccompArchitecture X32 { get; } = new("SCMP_ARCH_X32", 0x4000003e, 0xc000003e, X32SyscallBit);

    // Other architectures that libseccomp and the specification know of (m68k, parisc, sh) are none of runc's.
    static readonly SeccompArchitecture[] All =
    [
        X86_64,
        X32,
        Of("SCMP_ARCH_X86", 0x40000003),
        Of("SCMP_ARCH_AARCH64", 0xc00000b7),
        Of("SCMP_ARCH_ARM", 0x40000028),
        Of("SCMP_ARCH_RISCV64", 0xc00000f3),
        Of("SCMP_ARCH_LOONGARCH64", 0xc0000102),
        Of("SCMP_ARCH_PPC", 0x00000014),
        Of("SCMP_ARCH_PPC64", 0x80000015),
        Of("SCMP_ARCH_PPC64LE", 0xc0000015),
        Of("SCMP_ARCH_S390", 0x00000016),
        Of("SCMP_ARCH_S390X", 0x80000016),
        Of("SCMP_ARCH_MIPS", 0x00000008, 4000),
        Of("SCMP_ARCH_MIPSEL", 0x40000008, 4000),
        Of("SCMP_ARCH_MIPS64", 0x80000008, 5000),
        Of("SCMP_ARCH_MIPSEL64", 0xc0000008, 5000),
        Of("SCMP_ARCH_MIPS64N32", 0xa0000008, 6000),
        Of("SCMP_ARCH_MIPSEL64N32", 0xe0000008, 6000),
    ];

    /// <summary>The architecture that this process runs on.</summary>
    public static SeccompArchitecture Native => OfToken(Libseccomp.NativeArchitecture());

    public static IEnumerable<string> Names => All.Select(it => it.Name);

    /// <summary>Null for a name that is none of these.</summary>
    public static SeccompArchitecture? Named(string name) => Array.Find(All, it => it.Name == name);

    static SeccompArchitecture OfToken(uint token) =>
        Array.Find(All, it => it.Token == token)
            ?? throw new PlatformNotSupportedException($"libseccomp's native architecture 0x{token:x8} is not known here");

    static SeccompArchitecture Of(string name, uint token, uint firstNumber = 0) => new(name, token, token, firstNumber);
}
