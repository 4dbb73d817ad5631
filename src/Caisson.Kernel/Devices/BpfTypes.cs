using System.Runtime.InteropServices;

namespace Caisson.Kernel.Devices;

/// <summary>struct bpf_insn of linux/bpf.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct bpf_insn
{
    public byte code;

    /// <summary>dst_reg in the low four bits, src_reg in the high ones.</summary>
    public byte regs;
    public short off;
    public int imm;
}

/// <summary>The part of union bpf_attr that BPF_PROG_LOAD reads, to expected_attach_type.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct bpf_attr_prog_load
{
    public uint prog_type;
    public uint insn_cnt;
    public ulong insns;
    public ulong license;
    public uint log_level;
    public uint log_size;
    public ulong log_buf;
    public uint kern_version;
    public uint prog_flags;

    /// <summary>The 16 bytes of prog_name, as two words.</summary>
    public ulong prog_name_0;
    public ulong prog_name_8;
    public uint prog_ifindex;
    public uint expected_attach_type;
}

/// <summary>The part of union bpf_attr that BPF_PROG_ATTACH and BPF_PROG_DETACH read.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct bpf_attr_prog_attach
{
    public uint target_fd;
    public uint attach_bpf_fd;
    public uint attach_type;
    public uint attach_flags;
    public uint replace_bpf_fd;
}

/// <summary>The part of union bpf_attr that BPF_PROG_QUERY reads and writes (query).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct bpf_attr_query
{
    public uint target_fd;
    public uint attach_type;
    public uint query_flags;
    public uint attach_flags;
    public ulong prog_ids;
    public uint prog_cnt;
    readonly uint __pad;
}

/// <summary>The part of union bpf_attr that BPF_PROG_GET_FD_BY_ID reads.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct bpf_attr_get_id
{
    public uint prog_id;
    public uint next_id;
    public uint open_flags;
}
