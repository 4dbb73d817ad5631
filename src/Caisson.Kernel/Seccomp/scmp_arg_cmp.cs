using System.Runtime.InteropServices;

namespace Caisson.Kernel.Seccomp;

/// <summary>struct scmp_arg_cmp of seccomp.h; under SCMP_CMP_MASKED_EQ datum_a is the mask and datum_b the value.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct scmp_arg_cmp
{
    public uint arg;
    public scmp_compare op;
    public ulong datum_a;
    public ulong datum_b;
}
