namespace Caisson.Kernel.Seccomp;

/// <summary>enum scmp_compare of seccomp.h.</summary>
public enum scmp_compare
{
    SCMP_CMP_NE = 1,
    SCMP_CMP_LT = 2,
    SCMP_CMP_LE = 3,
    SCMP_CMP_EQ = 4,
    SCMP_CMP_GE = 5,
    SCMP_CMP_GT = 6,
    SCMP_CMP_MASKED_EQ = 7,
}
