using System.Runtime.InteropServices;

namespace Caisson.Kernel.Seccomp;

/// <summary>
/// struct sock_filter of linux/filter.h: one instruction of classic BPF. Only kinds of instruction that the kernel can
/// evaluate ahead of time are made here (seccomp_is_const_allow of kernel/seccomp.c): loads of the number and of
/// the architecture, jumps on equal, greater and bits set, and returns; a path that loads an argument is not known ahead. Since Linux 5.11 a call that is always allowed then
/// costs one look into a bitmap.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct sock_filter
{
    public readonly ushort code;
    public readonly byte jt;
    public readonly byte jf;
    public readonly uint k;

    const ushort BPF_LD_W_ABS = 0x20;
    const ushort BPF_JMP_JA = 0x05;
    const ushort BPF_JMP_JEQ_K = 0x15;
    const ushort BPF_JMP_JGT_K = 0x25;
    const ushort BPF_JMP_JGE_K = 0x35;
    const ushort BPF_JMP_JSET_K = 0x45;
    const ushort BPF_RET_K = 0x06;

    // Offsets in struct seccomp_data of linux/seccomp.h.
    const uint NumberOffset = 0;
    const uint ArchitectureOffset = 4;
    const uint ArgumentsOffset = 16;

    sock_filter(ushort code, byte jt, byte jf, uint k)
    {
        this.code = code;
        this.jt = jt;
        this.jf = jf;
        this.k = k;
    }

    public static sock_filter LoadNumber => new(BPF_LD_W_ABS, 0, 0, NumberOffset);

    public static sock_filter LoadArchitecture => new(BPF_LD_W_ABS, 0, 0, ArchitectureOffset);

    /// <summary>The low half of an argument.</summary>
    public static sock_filter LoadArgument(int index) => new(BPF_LD_W_ABS, 0, 0, ArgumentsOffset + (uint)(index * sizeof(ulong)));

    public static sock_filter Return(uint action) => new(BPF_RET_K, 0, 0, action);

    public static sock_filter Jump(int over) => new(BPF_JMP_JA, 0, 0, (uint)over);

    /// <summary>Jumps over <paramref name="then"/> instructions if the loaded value equals, else over <paramref name="otherwise"/>.</summary>
    public static sock_filter IfEqual(uint value, int then, int otherwise) =>
        new(BPF_JMP_JEQ_K, checked((byte)then), checked((byte)otherwise), value);

    public static sock_filter IfGreater(uint value, int then, int otherwise) =>
        new(BPF_JMP_JGT_K, checked((byte)then), checked((byte)otherwise), value);

    public static sock_filter IfGreaterOrEqual(uint value, int then, int otherwise) =>
        new(BPF_JMP_JGE_K, checked((byte)then), checked((byte)otherwise), value);

    public static sock_filter IfAnyBitSet(uint bits, int then, int otherwise) =>
        new(BPF_JMP_JSET_K, checked((byte)then), checked((byte)otherwise), bits);
}
